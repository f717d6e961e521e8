import { choice, flag, neededTexts, number, text, textOrTexts } from '../kinds.ts';
import { key } from '../key.ts';

const MODEL = 'Device-Model Options';
const GRAPHICS = 'Emulated VGA Graphics Device';
const SPICE = 'Spice Graphics Support';
const MISC = 'Miscellaneous Emulated Hardware';
const DEVICES = 'Devices';
const HVM = ['hvm'] as const;
/** A pv guest's screen is a framebuffer; a pvh guest has none. */
const SCREEN = { guests: ['pv', 'hvm'], readForAll: true, screen: true } as const;

/** The device model and what it emulates. */
export const emulationKeys = {
  device_model_version: key(
    choice(['qemu-xen', 'qemu-xen-traditional'], { case: 'exact', releases: { 'qemu-xen-traditional': '-4.20' } }),
    'Which device model; the traditional one is gone since 4.21.',
    MODEL,
    { default: 'qemu-xen', example: '"qemu-xen"' },
  ),
  device_model_override: key(text, 'Path of another device model.', MODEL, { example: '"/usr/bin/qemu-system-i386"' }),
  device_model: key(text, 'Once the path of the device model.', MODEL, {
    example: '"qemu-dm"',
    deprecated: {
      advice: 'xl ignores it: write device_model_override, if one is needed at all.',
      replacement: 'device_model_override',
      loud: true,
    },
  }),
  device_model_stubdomain_override: key(flag, 'Run the device model in a domain of its own.', MODEL, {
    default: '0',
    example: '1',
  }),
  device_model_stubdomain_seclabel: key(text, 'XSM label of that domain.', MODEL, { example: '"system_u:system_r:domDM_t"' }),
  device_model_args: key(neededTexts, 'More arguments for the device model.', MODEL, { example: '["-nodefaults"]' }),
  device_model_args_pv: key(neededTexts, 'More arguments for the device model of a pv guest.', MODEL, {
    example: '["-nodefaults"]',
  }),
  device_model_args_hvm: key(neededTexts, 'More arguments for the device model of an hvm guest.', MODEL, {
    example: '["-nodefaults"]',
  }),
  stubdomain_kernel: key(text, 'Kernel of the device model’s domain.', MODEL, { example: '"/usr/lib/xen/boot/stubdom-linux"' }),
  stubdomain_cmdline: key(text, 'Its command line.', MODEL, { example: '"quiet"' }),
  stubdomain_ramdisk: key(text, 'Its initial RAM disk.', MODEL, { example: '"/usr/lib/xen/boot/stubdom-rootfs"' }),
  stubdomain_memory: key(number, 'Its memory.', MODEL, { unit: 'MiB', default: '28 or 128', example: '128', min: 1 }),
  dm_restrict: key(flag, 'The device model runs without privileges.', DEVICES, { default: '0', example: '1' }),
  vga: key(choice(['none', 'stdvga', 'cirrus', 'qxl'], { case: 'exact' }), 'Graphics card.', GRAPHICS, {
    guests: HVM,
    default: 'cirrus',
    example: '"stdvga"',
  }),
  stdvga: key(flag, 'A standard graphics card instead of a Cirrus.', GRAPHICS, {
    guests: HVM,
    default: '0',
    example: '1',
    deprecated: { advice: 'Write vga = "stdvga".', replacement: 'vga' },
  }),
  videoram: key(number, 'Memory of the graphics card.', GRAPHICS, { unit: 'MiB', default: '8 or 16', example: '16', min: 1 }),
  nographic: key(flag, 'No graphics card at all.', GRAPHICS, { guests: HVM, default: '0', example: '1' }),
  vnc: key(flag, 'Show the screen over VNC.', DEVICES, { ...SCREEN, default: '1 for hvm', example: '1' }),
  vnclisten: key(text, 'Address, perhaps with a display, that VNC listens on.', DEVICES, {
    ...SCREEN,
    default: '127.0.0.1',
    example: '"127.0.0.1"',
  }),
  vncdisplay: key(number, 'Number of the VNC display: port 5900 and up.', DEVICES, {
    ...SCREEN,
    default: '0',
    example: '1',
    min: 0,
  }),
  vncunused: key(flag, 'Take the next free VNC display.', DEVICES, { ...SCREEN, default: '1', example: '1' }),
  vncpasswd: key(text, 'Password for VNC.', DEVICES, { ...SCREEN, example: '"secret"' }),
  vncviewer: key(number, 'Once started a VNC viewer.', DEVICES, {
    example: '0',
    deprecated: { advice: 'xl ignores it: use xl create -V.', loud: true },
  }),
  sdl: key(flag, 'Show the screen in a window of dom0.', DEVICES, { ...SCREEN, default: '0', example: '1' }),
  opengl: key(flag, 'That window uses OpenGL.', DEVICES, { ...SCREEN, default: '0', example: '1' }),
  display: key(text, 'X display of that window.', DEVICES, { ...SCREEN, example: '":0"' }),
  xauthority: key(text, 'Cookie file for that display.', DEVICES, { ...SCREEN, example: '"/root/.Xauthority"' }),
  keymap: key(text, 'Keyboard layout for VNC.', DEVICES, {
    guests: ['pv', 'hvm'],
    screen: true,
    default: 'en-us',
    example: '"de"',
  }),
  spice: key(flag, 'Show the screen over SPICE.', SPICE, { guests: HVM, default: '0', example: '1' }),
  spicehost: key(text, 'Address that SPICE listens on.', SPICE, { guests: HVM, default: 'all', example: '"127.0.0.1"' }),
  spiceport: key(number, 'Port of SPICE.', SPICE, { guests: HVM, example: '6000', min: 0, max: 65535 }),
  spicetls_port: key(number, 'Encrypted port of SPICE.', SPICE, { guests: HVM, example: '6001', min: 0, max: 65535 }),
  spicedisable_ticketing: key(flag, 'No password for SPICE.', SPICE, { guests: HVM, default: '0', example: '1' }),
  spicepasswd: key(text, 'Password for SPICE.', SPICE, { guests: HVM, example: '"secret"' }),
  spiceagent_mouse: key(flag, 'The agent in the guest moves the mouse.', SPICE, { guests: HVM, default: '1', example: '1' }),
  spicevdagent: key(flag, 'Connect the SPICE agent in the guest.', SPICE, { guests: HVM, default: '0', example: '1' }),
  spice_clipboard_sharing: key(flag, 'Share the clipboard; needs spicevdagent.', SPICE, {
    guests: HVM,
    default: '0',
    example: '1',
  }),
  spiceusbredirection: key(number, 'USB devices that can be handed in over SPICE.', SPICE, {
    guests: HVM,
    default: '0',
    example: '4',
    min: 0,
    max: 4,
  }),
  spice_image_compression: key(text, 'Compression of pictures.', SPICE, {
    guests: HVM,
    default: 'auto_glz',
    example: '"auto_lz"',
  }),
  spice_streaming_video: key(text, 'Detection of video.', SPICE, { guests: HVM, default: 'filter', example: '"all"' }),
  serial: key(textOrTexts, 'Where emulated serial ports go: pty, file:…, none, …', MISC, {
    guests: HVM,
    default: 'none',
    example: '"pty"',
  }),
  soundhw: key(text, 'Emulated sound card.', MISC, { guests: HVM, example: '"hda"' }),
  usb: key(flag, 'Emulated USB bus.', MISC, { guests: HVM, default: '0', example: '1' }),
  usbversion: key(number, 'Version of that bus: 1, 2 or 3.', MISC, { guests: HVM, default: '2', example: '3', min: 1, max: 3 }),
  usbdevice: key(textOrTexts, 'Emulated or passed devices on that bus: tablet, mouse, host:…', MISC, {
    guests: HVM,
    example: '["tablet"]',
  }),
  vkb_device: key(flag, 'Paravirtual keyboard and pointer.', MISC, { guests: HVM, default: '1', example: '0' }),
  hdtype: key(choice(['ide', 'ahci']), 'Controller of emulated disks.', 'Emulated disk controller type', {
    guests: HVM,
    default: 'ide',
    example: '"ahci"',
  }),
} as const;
