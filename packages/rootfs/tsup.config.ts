import { library } from '../../tsup.base.ts';

// `privileged` is what core's namespace worker loads.
export default library({ index: 'src/index.ts', privileged: 'src/verbs/privileged.ts' });
