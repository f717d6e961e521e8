/** An ordinary user's PATH with the folders in which mke2fs, debugfs and the like lie, and which only root's PATH names. */
export function withSystemFolders(path = ''): string {
  const folders = path.split(':').filter((folder) => folder !== '');
  return [...folders, ...['/usr/sbin', '/sbin'].filter((folder) => !folders.includes(folder))].join(':');
}
