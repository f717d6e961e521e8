import { library } from '../../tsup.base.ts';

export default library({
  index: 'src/index.ts',
  'xlfs-conf': 'src/bin/xlfs-conf.ts',
  // Started as a thread by the shell prober.
  'shell-thread': 'src/probes/shell-thread.ts',
});
