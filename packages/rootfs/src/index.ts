// Trees
export { consoleDevices, device, directory, file, orderedEntries, symlink, treeOf } from './tree/entry.ts';
export type { Content, Entry, EntryType, Tree } from './tree/entry.ts';
export { walkTree } from './tree/walk.ts';
export type { WalkOptions } from './tree/walk.ts';
export { applyTree, mergeLayers, removePaths } from './tree/layers.ts';
export type { Layer } from './tree/layers.ts';
export { readAll, readContent } from './tree/content.ts';
export { DirectoryView, treeView } from './tree/view.ts';
export type { Changes, TreeView } from './tree/view.ts';
export { editDirectory } from './tree/edit-directory.ts';
export { materialise } from './tree/materialise.ts';
export type { Materialised, MaterialiseOptions } from './tree/materialise.ts';
export { openArchiveTree, withArchive } from './archive/archive.ts';
export type { ArchiveOptions, OpenArchive } from './archive/archive.ts';

// Images
export { IMAGE_FORMATS, writeImage } from './image/image.ts';
export type { ImageFormat, ImageOptions, ImageResult } from './image/image.ts';
export { writeCpio } from './image/cpio.ts';
export type { CpioOptions } from './image/cpio.ts';
export { writeTar } from './image/tar.ts';
export type { TarOptions } from './image/tar.ts';
export type { Compression, WrittenImage } from './image/compress.ts';
export { writeExt4 } from './image/ext4/write.ts';
export type { Ext4Image, Ext4Options } from './image/ext4/write.ts';
export { editExt4 } from './image/ext4/edit.ts';
export type { Ext4Edits } from './image/ext4/edit.ts';
export { Ext4Reader } from './image/ext4/read.ts';
export type { Ext4Info } from './image/ext4/read.ts';
export { defaultPartitionUuid, writeDisk } from './image/disk/write.ts';
export type { DiskOptions, Ext4Partition, SwapPartition, WrittenDisk, WrittenPartition } from './image/disk/write.ts';
export { partitionUuid } from './image/disk/partition-table.ts';
export type { GrubImages } from './image/disk/grub.ts';
export { writeSquashfs } from './image/squashfs.ts';
export type { SquashfsOptions } from './image/squashfs.ts';
export { writeErofs } from './image/erofs.ts';
export type { ErofsOptions } from './image/erofs.ts';
export { writeQcow2 } from './image/qcow2/write.ts';
export type { Qcow2Child } from './image/qcow2/write.ts';

// The store, snapshots
export { openRootfsStore } from './store/rootfs-store.ts';
export type { RootfsStore } from './store/rootfs-store.ts';
export { findSnapshot, listSnapshots, snapshotTree, takeSnapshot } from './snapshot/snapshot.ts';
export type { Snapshot, SnapshotOptions, SnapshotResult } from './snapshot/snapshot.ts';
export { removeSnapshot } from './snapshot/remove.ts';
export { restoreSnapshot } from './snapshot/restore.ts';
export type { Restored } from './snapshot/restore.ts';
export { verifySnapshot } from './snapshot/verify.ts';
export type { Verified } from './snapshot/verify.ts';
export { withSnapshotTree } from './snapshot/open.ts';
export { compareTrees } from './snapshot/compare.ts';
export type { Aspect, Difference } from './snapshot/compare.ts';

// Forks
export { fork } from './fork/fork.ts';
export type { ForkOptions, ForkResult } from './fork/fork.ts';
export { forkDisk } from './fork/disk.ts';
export type { DiskFormat, DiskStrategy, ForkDiskOptions, ForkedDisk } from './fork/disk.ts';
export { findFork, forkTree, listForks, STRATEGIES } from './fork/record.ts';
export type { Fork, ForkDisk as GuestDisk, ForkNode, Strategy } from './fork/record.ts';
export { removeFork } from './fork/remove.ts';
export { collectRootfsGarbage } from './fork/gc.ts';
export type { Collected, CollectOptions } from './fork/gc.ts';
export { OVERLAY, overlayCmdline, overlayInit } from './fork/overlay.ts';

// Personalities
export { applyPersonality } from './personality/apply.ts';
export type { PersonalityTarget } from './personality/apply.ts';
export { checkPersonality, planPersonality } from './personality/plan.ts';
export type { PersonalityOptions } from './personality/plan.ts';
export { personalitySchema } from './personality/schema.ts';
export type { Personality, PersonalityInput } from './personality/schema.ts';
export { findShared, resetChanges, UNIQUENESS } from './personality/uniqueness.ts';
export type { Finding, UniquenessItem } from './personality/uniqueness.ts';
export { newHostKey, newMachineId } from './personality/identity.ts';
export type { HostKey } from './personality/identity.ts';

// Patches
export { makePatch } from './delta/make.ts';
export type { MadePatch } from './delta/make.ts';
export { readPatch, withPatched } from './delta/apply.ts';
export type { Direction } from './delta/apply.ts';
export type { Delta } from './delta/manifest.ts';
export { applyUnified, writeUnified } from './delta/unified.ts';

// Signatures
export { formatPublicKey, parsePublicKey, signFile, verifyFile } from './signature/minisign.ts';
export type { PublicKey, SecretKey, Verdict } from './signature/minisign.ts';
export { makeKey, readTrustedKeys, requireSignature, signFiles, trustedKeysPath, trustKey } from './signature/trust.ts';
export { verifyVerity, verityTable, writeVerity } from './signature/verity.ts';
export type { VerityTree } from './signature/verity.ts';

// Container files
export { buildContainer } from './container/build.ts';
export type { ContainerOptions, ContainerResult } from './container/build.ts';
export { parseContainer } from './container/parse.ts';
export type { Statement } from './container/parse.ts';
export { xlDisks } from './container/execute.ts';

// Verbs for any user
export { asOwner } from './verbs/owner.ts';
export { withSource } from './verbs/source.ts';
export type {
  DifferenceSummary,
  DiffParams,
  ImageParams,
  PatchApplyParams,
  PatchMakeParams,
  RestoreParams,
  SnapshotParams,
  UnpackParams,
} from './verbs/privileged.ts';
