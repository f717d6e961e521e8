import { int } from '../schema/c.ts';
import type { DomainConfig } from '../schema/schema.ts';
import { defined } from '../specs/options.ts';
import type { Framebuffer } from '../specs/framebuffer.ts';

/** The VNC and SDL keys of the file itself, as one framebuffer. */
export function screenOf(config: DomainConfig): Framebuffer {
  const { vnc, vnclisten, vncpasswd, vncdisplay, vncunused, sdl, opengl, display, xauthority } = config;
  return defined({
    vnc,
    vnclisten,
    vncpasswd,
    vncdisplay: vncdisplay === undefined ? undefined : int(vncdisplay),
    vncunused,
    sdl,
    opengl,
    display,
    xauthority,
  });
}
