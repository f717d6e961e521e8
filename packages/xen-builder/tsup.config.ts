import { library } from '../../tsup.base.ts';

/** The tasks are modules of their own: the engine loads them by URL inside its worker. */
export default library({
  index: 'src/index.ts',
  'tasks/dom0-image': 'src/tasks/dom0-image.ts',
  'tasks/guest-base': 'src/tasks/guest-base.ts',
  'tasks/guest-image': 'src/tasks/guest-image.ts',
  'tasks/lfs-disk': 'src/tasks/lfs-disk.ts',
  'tasks/lfs-snapshot': 'src/tasks/lfs-snapshot.ts',
});
