import { library } from '../../tsup.base.ts';

// `privileged` is what core's namespace worker loads, `compress-worker` runs in threads of its own.
export default library({
  index: 'src/index.ts',
  privileged: 'src/verbs/privileged.ts',
  'compress-worker': 'src/snapshot/compress-worker.ts',
});
