export { run } from './run.ts';
export { openProfile } from './profiles.ts';
export type { OpenProfile } from './profiles.ts';
