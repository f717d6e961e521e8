import type { Fields } from '../libxl/json.ts';
import { atoi, strtoul } from '../schema/c.ts';
import { devices } from '../schema/kinds.ts';
import type { ReadContext } from '../schema/kind.ts';
import { defined, formatOptions, optionsOf, unknownOption } from './options.ts';

/** One entry of `usbctrl`: a USB controller. */
export interface UsbController {
  /** @default 'auto' */
  readonly type?: 'auto' | 'pv' | 'devicemodel' | 'qusb';
  /** 1, 2 or 3. @default 2 */
  readonly version?: number;
  /** 1 to 31. @default 8 */
  readonly ports?: number;
}

/** One entry of `usbdev`: a device of the host. */
export interface UsbDevice {
  readonly type?: 'hostdev';
  /** As `lsusb` prints them, decimal. */
  readonly hostbus?: number;
  readonly hostaddr?: number;
  /** Index in `usbctrl`; libxl finds or makes one when it is missing. */
  readonly controller?: number;
  readonly port?: number;
}

const CONTROLLERS = ['auto', 'pv', 'devicemodel', 'qusb'] as const;

export const usbControllers = devices<UsbController>('list of USB controllers', readController, (controller) =>
  formatOptions('usbctrl', Object.entries(controller)),
);

function readController(text: string, context: ReadContext, item: number): UsbController | undefined {
  const controller: { -readonly [K in keyof UsbController]: UsbController[K] } = {};
  for (const { name, value, text: option } of optionsOf(text)) {
    if (value === undefined || !['type', 'version', 'ports'].includes(name))
      return unknownOption(context, item, option, ['type', 'version', 'ports']);
    if (name === 'version') controller.version = atoi(value);
    else if (name === 'ports') controller.ports = atoi(value);
    else {
      const type = CONTROLLERS.find((known) => known === value.toLowerCase());
      if (type === undefined)
        return void context.refuse('BAD_VALUE', `usbctrl: unknown type ${JSON.stringify(value)}`, {
          item,
          hint: `Known are ${CONTROLLERS.join(', ')}.`,
        });
      controller.type = type;
    }
  }
  return controller;
}

export const usbDevices = devices<UsbDevice>('list of USB devices', readDevice, (device) =>
  formatOptions('usbdev', Object.entries(device)),
);

function readDevice(text: string, context: ReadContext, item: number): UsbDevice | undefined {
  const device: { -readonly [K in keyof UsbDevice]: UsbDevice[K] } = {};
  for (const { name, value, text: option } of optionsOf(text)) {
    if (value === undefined) return unknownOption(context, item, option, ['type', 'hostbus', 'hostaddr', 'controller', 'port']);
    if (name === 'hostbus' || name === 'hostaddr') device[name] = Number(strtoul(value, 0).value & 0xffn);
    else if (name === 'controller' || name === 'port') device[name] = atoi(value);
    else if (name !== 'type') return unknownOption(context, item, option, ['type', 'hostbus', 'hostaddr', 'controller', 'port']);
    else if (value.toLowerCase() !== 'hostdev')
      return void context.refuse('BAD_VALUE', `usbdev: unknown type ${JSON.stringify(value)}`, {
        item,
        hint: 'Only hostdev is known.',
      });
    else device.type = 'hostdev';
  }
  return device;
}

/** @internal */
export function usbControllerToLibxl(controller: UsbController, index: number): Fields {
  return { ...controller, devid: index };
}

/** @internal */
export function usbDeviceToLibxl(device: UsbDevice): Fields {
  return defined({
    ctrl: device.controller,
    port: device.port,
    type: device.type,
    u: defined({ hostbus: device.hostbus, hostaddr: device.hostaddr }),
  });
}
