import type { Recipe } from '@xlfs/core';
import { hostLibc } from './host-libc.ts';
import { linuxDom0, linuxDomU, type LinuxOptions } from './linux.ts';
import { xen, xenTools } from './xen.ts';

export interface XenRecipeOptions {
  readonly dom0Kernel?: LinuxOptions;
  readonly domUKernel?: LinuxOptions;
}

/** Hypervisor, toolstack and both kernels, and the distribution's C library for the images of the `host` profile. */
export function xenRecipes({ dom0Kernel, domUKernel }: XenRecipeOptions = {}): Recipe[] {
  return [xen, xenTools, linuxDom0(dom0Kernel), linuxDomU(domUKernel), hostLibc];
}
