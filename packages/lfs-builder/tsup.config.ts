import { library } from '../../tsup.base.ts';

/** Who only builds should not load the list of all licences, and who builds a host not the whole of LFS: entries of their own. */
export default library({ index: 'src/index.ts', host: 'src/recipes/host/index.ts', lint: 'src/lint/index.ts' }, [
  'index',
  'host',
  'lint',
]);
