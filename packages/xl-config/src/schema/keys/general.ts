import { bounded, choice, flag, number, quiet, text } from '../kinds.ts';
import { key } from '../key.ts';
import { guestType, oldBuilder, uuid } from '../special-kinds.ts';

const ACTIONS = [
  'destroy',
  'restart',
  'rename-restart',
  'preserve',
  'coredump-destroy',
  'coredump-restart',
  'soft-reset',
] as const;
const action = choice(ACTIONS, { case: 'exact' });
const EVENTS = 'Event Actions';
const OTHER = 'Other Options';
const INT_MAX = 2n ** 31n - 1n;

/** Who the guest is, what happens to it, limits and labels. */
export const generalKeys = {
  name: key(text, 'Name of the domain, unique on the host.', 'Mandatory Configuration Items', { example: '"web"' }),
  type: key(
    guestType,
    'Kind of guest: paravirtual, hardware-assisted without or with emulated devices.',
    'Selecting Guest Type',
    { default: 'pv on x86, pvh on Arm', example: '"pvh"' },
  ),
  builder: key(oldBuilder, 'Old way to say the kind of guest: generic is pv.', 'Deprecated guest type selection', {
    example: '"hvm"',
    deprecated: { advice: 'Write type = "hvm" or "pv".', replacement: 'type' },
  }),
  uuid: key(uuid, 'Identity of the domain.', OTHER, {
    default: 'a new random one',
    example: '"ef1fd8b5-2a4c-4a1b-9a60-5f2f6d0a1c77"',
  }),
  on_poweroff: key(action, 'What xl does when the guest shuts itself down.', EVENTS, {
    default: 'destroy',
    example: '"destroy"',
  }),
  on_reboot: key(action, 'What xl does when the guest asks for a reboot.', EVENTS, { default: 'restart', example: '"restart"' }),
  on_watchdog: key(action, "What xl does when Xen's watchdog ends the guest.", EVENTS, {
    default: 'destroy',
    example: '"restart"',
  }),
  on_crash: key(action, 'What xl does when the guest crashes.', EVENTS, { default: 'destroy', example: '"preserve"' }),
  on_soft_reset: key(action, 'What xl does when the guest asks for a soft reset (kexec).', EVENTS, {
    default: 'soft-reset',
    example: '"soft-reset"',
  }),
  seclabel: key(text, 'XSM label of the domain.', OTHER, { example: '"system_u:system_r:domU_t"' }),
  init_seclabel: key(text, 'XSM label while the domain is built; seclabel holds afterwards.', OTHER, {
    example: '"system_u:system_r:domU_t"',
  }),
  driver_domain: key(flag, 'The guest serves devices to other guests.', OTHER, { default: '0', example: '1' }),
  nomigrate: key(flag, 'The guest is never migrated, saved or restored.', OTHER, { default: '0', example: '1' }),
  passthrough: key(
    choice(['default', 'disabled', 'enabled', 'sync_pt', 'share_pt']),
    'How the IOMMU of the guest gets its page tables.',
    OTHER,
    {
      default: 'enabled when a device is passed through, else disabled',
      example: '"enabled"',
    },
  ),
  xend_suspend_evtchn_compat: key(flag, 'Suspend by the event channel of old guests.', OTHER, { default: '0', example: '1' }),
  max_grant_frames: key(bounded(INT_MAX), 'Most grant table frames.', OTHER, {
    default: "xl.conf's, else the hypervisor's",
    example: '64',
    min: 0,
  }),
  max_maptrack_frames: key(bounded(INT_MAX), 'Most grant map tracking frames.', OTHER, {
    default: "xl.conf's, else the hypervisor's",
    example: '1024',
    min: 0,
  }),
  max_grant_version: key(bounded(INT_MAX), 'Newest grant table version.', OTHER, {
    default: "xl.conf's, else the hypervisor's",
    example: '1',
    min: 0,
    max: 2,
  }),
  max_event_channels: key(number, 'Most event channels.', 'Devices', {
    default: '1023',
    example: '4095',
    min: 0,
    max: 0xffffffff,
  }),
  vmtrace_buf_kb: key(quiet(number), 'Size of the processor trace buffer of each virtual processor.', OTHER, {
    default: '0, off',
    example: '64',
    unit: 'KiB',
    min: 0,
    arch: 'x86',
  }),
  vpmu: key(flag, 'The guest may use performance counters.', OTHER, { default: '0', example: '1' }),
  xenstore_feature_mask: key(number, 'Xenstore features that the guest is offered, as a bit mask.', 'Xenstore related settings', {
    since: '4.21',
    default: '0xffffffff',
    example: '0x3',
    min: 0,
    max: 0xffffffff,
  }),
} as const;
