import { check } from './xl/check.ts';
import { fromJson, toJson } from './xl/convert.ts';
import { diff } from './xl/diff.ts';
import { explain } from './xl/explain.ts';
import { fix, format } from './xl/rewrite.ts';

export const xlCommands = [check, format, fix, toJson, fromJson, diff, explain];
