import { defineRecipe, type Recipe } from '@xlfs/core';
import { dom0Data, dom0Files, dom0Programs } from '../dom0/contents.ts';
import type { Wanted } from '../image/closure.ts';
import { guestBaseFiles, guestPersonality, guestPrograms } from '../guest/contents.ts';
import { defaultHost, type GuestDescription, type HostDescription } from '../host/description.ts';
import type { Dom0ImageParams } from '../tasks/dom0-image.ts';
import type { GuestBaseParams } from '../tasks/guest-base.ts';
import type { GuestImageParams } from '../tasks/guest-image.ts';
import { EPOCH, ours, task } from './image-recipe.ts';

export interface HostImageOptions {
  /** Recipe whose layer holds the C library. @default 'host-libc' */
  readonly cLibrary?: string;
  /** Recipes of further programs in dom0, and what of them it runs. */
  readonly dom0Extra?: { readonly needs: readonly string[]; readonly wanted: readonly Wanted[] };
  /** What xen.gz, dom0's kernel and its initramfs may take together, MiB. @default 12 */
  readonly budgetMiB?: number;
}

/** The names under which {@link hostImageRecipes} go into a registry. */
export function hostImageNames(host: HostDescription = defaultHost): { dom0: string; guests: readonly string[] } {
  return { dom0: 'dom0-image', guests: host.guests.map(guestRecipeName) };
}

/** dom0's initramfs, the base of the guests and each guest's root file system, as recipes like any other. */
export function hostImageRecipes(host: HostDescription = defaultHost, options: HostImageOptions = {}): Recipe[] {
  const { cLibrary = 'host-libc', dom0Extra = { needs: [], wanted: [] }, budgetMiB = 12 } = options;
  return [
    dom0ImageRecipe(host, cLibrary, dom0Extra, budgetMiB),
    ...(host.guests.length === 0 ? [] : [guestBaseRecipe(cLibrary)]),
    ...host.guests.map((guest) => guestImageRecipe(guest, host)),
  ];
}

function dom0ImageRecipe(
  host: HostDescription,
  cLibrary: string,
  extra: Required<HostImageOptions>['dom0Extra'],
  budgetMiB: number,
): Recipe {
  const params: Dom0ImageParams = {
    wanted: [...dom0Programs, ...dom0Data, ...extra.wanted],
    files: dom0Files(host),
    compression: 'zstd',
    budgetMiB,
    epoch: EPOCH,
  };
  return defineRecipe({
    ...ours,
    name: 'dom0-image',
    summary: "dom0's initramfs: what a Xen host runs, and what that needs",
    reference: 'Documentation/filesystems/ramfs-rootfs-initramfs.rst of the kernel',
    needs: { build: ['filesystem', cLibrary, 'busybox', 'xen-tools', 'xen', 'linux-dom0', 'linux-domu', ...extra.needs] },
    task: task('dom0-image', 'dom0Image', params),
  });
}

function guestBaseRecipe(cLibrary: string): Recipe {
  const params: GuestBaseParams = { wanted: [...guestPrograms], files: guestBaseFiles(), epoch: EPOCH };
  return defineRecipe({
    ...ours,
    name: 'guest-base',
    summary: 'Root file system that guests are forked from',
    reference: 'LFS 12.3, chapter 9 System Configuration',
    needs: { build: ['filesystem', cLibrary, 'busybox'] },
    task: task('guest-base', 'guestBase', params),
  });
}

function guestImageRecipe(guest: GuestDescription, host: HostDescription): Recipe {
  const params: GuestImageParams = {
    name: guest.name,
    size: guest.disk,
    personality: guestPersonality(guest, host),
    epoch: EPOCH,
  };
  return defineRecipe({
    ...ours,
    name: guestRecipeName(guest),
    summary: `Root file system of the guest ${guest.name}`,
    reference: 'LFS 12.3, 9.5 General Network Configuration; xen hint of LFS, step 5',
    needs: { build: ['guest-base'] },
    task: task('guest-image', 'guestImage', params),
  });
}

function guestRecipeName({ name }: GuestDescription): string {
  return `guest-image-${name}`;
}
