import { check } from './kernel/check.ts';
import { config } from './kernel/config.ts';
import { diff } from './kernel/diff.ts';
import { explain } from './kernel/explain.ts';
import { fix } from './kernel/fix.ts';

export const kernelCommands = [config, check, explain, diff, fix];
