import { library } from '../../tsup.base.ts';

// `privileged` is what core's namespace worker loads, `frame-worker` runs in threads of its own.
export default library({
  index: 'src/index.ts',
  privileged: 'src/verbs/privileged.ts',
  'frame-worker': 'src/snapshot/frame-worker.ts',
});
