import { defineRecipe, type Recipe } from '@xlfs/core';
import { defaultHost, type HostDescription } from '../host/description.ts';
import { defaultLfsDisk, GRUB_PATHS, hostFiles, type LfsDisk } from '../lfs/description.ts';
import type { LfsDiskParams } from '../tasks/lfs-disk.ts';
import { EPOCH, ours, task } from './image-recipe.ts';
import { linuxLfs, type LinuxOptions } from './linux.ts';
import { xenScripts } from './xen.ts';

export interface LfsImageOptions {
  /** Recipes that are the system, with what they need at run time. @default ['lfs-system'] */
  readonly system?: readonly string[];
  readonly kernel?: LinuxOptions;
  /** Sizes and identity of the disk. */
  readonly disk?: Partial<LfsDisk>;
  /** MiB of dom0: as much as a compiler needs. @default 1024 */
  readonly dom0Memory?: number;
}

/** The recipe of the disk; {@link lfsImageRecipes} puts it into a registry. */
export const LFS_DISK = 'lfs-disk';

/** What makes a whole system bootable: its kernel, Xen's boot scripts, GRUB's core image, and the disk. */
export function lfsImageRecipes(host: HostDescription = defaultHost, options: LfsImageOptions = {}): Recipe[] {
  const { system = ['lfs-system'], kernel, disk = {}, dom0Memory = 1024 } = options;
  const params: LfsDiskParams = { disk: { ...defaultLfsDisk, ...disk }, files: hostFiles(host), dom0Memory, epoch: EPOCH };
  return [
    linuxLfs(kernel),
    xenScripts,
    grubCore,
    defineRecipe({
      ...ours,
      name: LFS_DISK,
      summary: 'Disk image of the whole system, which firmware boots: alone, or as dom0 of Xen',
      reference: 'LFS 12.3, chapter 10 Making the LFS System Bootable',
      needs: { build: [...system, 'grub-core', 'linux-lfs', 'xen', 'xen-scripts'] },
      task: task('lfs-disk', 'lfsDisk', params),
    }),
  ];
}

/** What GRUB's core image can do before it finds the rest: read the disk, its partitions, and the file system of /boot. */
const CORE_MODULES = ['biosdisk', 'part_msdos', 'ext2'];

/** GRUB as it lies in /boot: what `grub-install` would copy there, and the core image that it would write before the first partition. */
const grubCore: Recipe = defineRecipe({
  ...ours,
  name: 'grub-core',
  summary: "GRUB's modules and its core image for BIOS firmware",
  license: 'GPL-3.0-or-later',
  reference: 'LFS 12.3, 10.4 Using GRUB to Set Up the Boot Process; grub-mkimage(1)',
  needs: { build: ['grub'] },
  phases: [
    {
      name: 'modules',
      run: `\
mkdir -p /boot/grub/i386-pc
cp /usr/lib/grub/i386-pc/*.mod /usr/lib/grub/i386-pc/*.lst /boot/grub/i386-pc/`,
    },
    {
      name: 'core image',
      // A prefix without a drive: the one that the firmware has started.
      run: `grub-mkimage -O i386-pc -d /usr/lib/grub/i386-pc -p '(,msdos1)/grub' -o /${GRUB_PATHS.core} ${CORE_MODULES.join(' ')}`,
    },
  ],
});
