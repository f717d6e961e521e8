import { library } from '../../tsup.base.ts';

/** The linter is an entry of its own: who only builds should not load the list of all licences. */
export default library({ index: 'src/index.ts', lint: 'src/lint/index.ts' }, ['index', 'lint']);
