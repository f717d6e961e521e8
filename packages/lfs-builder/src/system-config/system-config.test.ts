import { execFileSync } from 'node:child_process';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { systemConfiguration } from './files.ts';

const folder = fileURLToPath(new URL('../../system-config', import.meta.url));
const { files, links } = systemConfiguration();
const paths = new Set(files.map(({ path }) => path));
const scripts = files.filter(({ text }) => text.startsWith('#!/bin/sh'));

describe('the system configuration', () => {
  it.each(scripts.map(({ path }) => path))('%s is a program that the shell can read', (path) => {
    expect(files.find((file) => file.path === path)?.executable).toBe(true);
    execFileSync('bash', ['--posix', '-n', join(folder, path)]);
  });

  it('has no program without a first line, and no link into nothing', () => {
    expect(files.filter(({ executable }) => executable).map(({ path }) => path)).toEqual(scripts.map(({ path }) => path));
    for (const [path, target] of Object.entries(links)) {
      if (target.startsWith('/')) continue;
      const full = posix.join(posix.dirname(path), target);
      expect(
        [...paths].some((one) => one === full || one.startsWith(`${full}/`)),
        `${path} → ${target}`,
      ).toBe(true);
    }
  });

  it('takes down in levels 0 and 6 what levels S to 5 brought up', () => {
    const stopped = (level: string) =>
      Object.keys(links).flatMap((path) => new RegExp(`^etc/rc\\.d/rc${level}\\.d/K\\d\\d(.+)$`).exec(path)?.[1] ?? []);
    for (const level of ['0', '6']) {
      for (const script of ['network', 'syslog', 'swap', 'mountfs', 'sendsignals']) expect(stopped(level)).toContain(script);
    }
  });

  it('mentions a script in a run level only if there is one, under a number of its own', () => {
    const seen = new Set<string>();
    for (const path of Object.keys(links).filter((one) => one.startsWith('etc/rc.d/rc'))) {
      const [, level = '', number = '', script = ''] = /rc([S0-6])\.d\/([SK]\d\d)(.+)$/.exec(path) ?? [];
      expect(paths.has(`etc/rc.d/init.d/${script}`)).toBe(true);
      expect(seen.has(`${level} ${number}`)).toBe(false);
      seen.add(`${level} ${number}`);
    }
  });

  it('gives init a line for each run level, and logins that a guest keeps one of', () => {
    const inittab = files.find(({ path }) => path === 'etc/inittab')?.text ?? '';
    for (const level of ['0', '2', '3', '4', '5', '6']) expect(inittab).toMatch(new RegExp(`^l${level}:${level}:wait:`, 'm'));
    expect(inittab).toMatch(/^si::sysinit:\/etc\/rc\.d\/init\.d\/rc S$/m);
    expect(inittab).toMatch(/^[^:#]*:2345:respawn:\/usr\/sbin\/getty tty1$/m);
  });

  it('lets udev rename no interface', () => {
    expect(links['etc/udev/rules.d/80-net-setup-link.rules']).toBe('/dev/null');
  });
});
