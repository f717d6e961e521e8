import { library } from '../../tsup.base.ts';

/** `worker` is a process of its own; it imports `local-jobs` by URL. */
export default library({ index: 'src/index.ts', worker: 'src/sandbox/worker.ts', 'local-jobs': 'src/execute/local-jobs.ts' });
