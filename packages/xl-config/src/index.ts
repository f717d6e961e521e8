export { XlConfigError } from './errors.ts';
export type { XlConfigErrorCode, XlConfigErrorOptions } from './errors.ts';
export { DEFAULT_XEN, XEN_VERSIONS, xenVersion } from './versions.ts';
export type { XenVersion } from './versions.ts';

// The text: syntax tree, layout, single edits.
export { parseDocument } from './grammar/parser.ts';
export { excerpt, positionOf } from './grammar/tree.ts';
export type { Assignment, Atom, Document, List, ValueNode } from './grammar/tree.ts';
export type { Position, Span, SyntaxProblem, Token, TokenKind } from './grammar/token.ts';
export { settingsOf } from './grammar/settings.ts';
export type { Setting, SettingValue } from './grammar/settings.ts';
export { format } from './format/format.ts';
export { setKey } from './format/edit.ts';

// What it means.
export { interpret, parse, toLibxlJson } from './meaning/interpret.ts';
export type { Interpretation, InterpretOptions } from './meaning/interpret.ts';
export type { Environment } from './meaning/environment.ts';
export { stringifyLibxl } from './libxl/json.ts';
export type { LibxlJson, LibxlObject } from './libxl/json.ts';
export { KEY_NAMES } from './schema/schema.ts';
export type { DomainConfig, KeyName } from './schema/schema.ts';
export type { GuestType } from './schema/kind.ts';
export type { Whole } from './schema/kinds.ts';
export type { Finding, Severity } from './problem.ts';

// What is wrong with it.
export { fix, lint } from './lint/lint.ts';
export type { FixOptions, FixResult, LintOptions } from './lint/lint.ts';
export type { Diagnostic, Fix } from './lint/diagnostic.ts';
export type { Edit } from './text/edits.ts';
export { RULES } from './lint/rules.ts';
export type { Rule, RuleCode } from './lint/rules.ts';
export { thisHost } from './lint/host-rules.ts';
export type { HostProbe } from './lint/host-rules.ts';
export { toSarif } from './lint/sarif.ts';
export type { FileReport } from './lint/sarif.ts';

// Writing, converting, comparing.
export { write } from './write/write.ts';
export type { WriteOptions } from './write/write.ts';
export { literal, quote } from './write/literal.ts';
export { configFromJson, configToJson } from './convert/json.ts';
export type { Json } from './convert/json.ts';
export { fromXm } from './convert/xm/xm.ts';
export { fromLibvirt } from './convert/libvirt/from.ts';
export { toLibvirt } from './convert/libvirt/to.ts';
export type { Conversion, Loss } from './convert/report.ts';
export { drift, isDrift } from './drift/drift.ts';
export type { Difference } from './drift/drift.ts';

// One verb a command.
export { check, diff, fromJson, toJson, toLibxlText } from './verbs/verbs.ts';
export type { CheckReport, DiffReport } from './verbs/verbs.ts';
export { explain } from './verbs/explain.ts';
export type { Explanation } from './verbs/explain.ts';

// The usual guests.
export { hvmGuest, pvGuest, pvhGuest } from './builders/guest.ts';
export type { BootLoader, DirectKernel, EmulatedGuest, ParavirtualGuest } from './builders/guest.ts';
export { blockDisk, bridgedVif, cdrom, imageDisk, natVif, routedVif, stableMac } from './builders/devices.ts';
export { commandLine } from './builders/cmdline.ts';
export type { CommandLine, KernelIp, Root } from './builders/cmdline.ts';
export { formatDisk } from './specs/disk.ts';
export { formatVif } from './specs/vif.ts';
export { cpuFlags } from './specs/cpuid/policy.ts';
export type { Channel } from './specs/channel.ts';
export type { Disk } from './specs/disk.ts';
export type { Connector, Display } from './specs/display.ts';
export type { Framebuffer } from './specs/framebuffer.ts';
export type { Keyboard } from './specs/keyboard.ts';
export type { P9, PvCalls, Vtpm } from './specs/backends.ts';
export type { Pci } from './specs/pci.ts';
export type { Iomem, Range } from './specs/ranges.ts';
export type { Rdm } from './specs/rdm.ts';
export type { Smbios, XenstoreQuota } from './specs/pairs.ts';
export type { SoundCard, SoundDevice, SoundStream } from './specs/sound.ts';
export type { UsbController, UsbDevice } from './specs/usb.ts';
export type { Vif } from './specs/vif.ts';
export type { Virtio } from './specs/virtio.ts';
export type { VirtualNode } from './specs/vnuma.ts';
