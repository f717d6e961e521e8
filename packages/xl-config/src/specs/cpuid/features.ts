/**
 * The processor features that xl names, one word of Xen's feature set an entry: where it lives (`leaf[.subleaf] register`,
 * or `msr index half`) and its `name:bit`, with `@since` for those that came after 4.17.
 * Source: xen/include/public/arch-x86/cpufeatureset.h and feature_to_policy in libxl_cpuid.c of each release.
 */
export const FEATURE_WORDS: readonly (readonly [place: string, features: string])[] = [
  [
    '0x1 edx',
    `fpu:0 vme:1 de:2 pse:3 tsc:4 msr:5 pae:6 mce:7 cx8:8 apic:9 sep:11 mtrr:12 pge:13 mca:14 cmov:15 pat:16 pse36:17
     clflush:19 ds:21 acpi:22 mmx:23 fxsr:24 sse:25 sse2:26 ss:27 htt:28 tm1:29 pbe:31`,
  ],
  [
    '0x1 ecx',
    `sse3:0 pclmulqdq:1 dtes64:2 monitor:3 dscpl:4 vmx:5 smx:6 eist:7 tm2:8 ssse3:9 sdbg:11@4.20 fma:12 cx16:13 xtpr:14
     pdcm:15 pcid:17 dca:18 sse4-1:19 sse4-2:20 x2apic:21 movbe:22 popcnt:23 tsc-deadline:24 aesni:25 xsave:26 osxsave:27
     avx:28 f16c:29 rdrand:30 hypervisor:31`,
  ],
  ['0x80000001 edx', 'syscall:11 nx:20 mmxext:22 ffxsr:25 page1gb:26 rdtscp:27 lm:29 3dnowext:30 3dnow:31'],
  [
    '0x80000001 ecx',
    `lahf-lm:0 cmp-legacy:1 svm:2 extapic:3 cr8-legacy:4 abm:5 sse4a:6 misalignsse:7 3dnowprefetch:8 osvw:9 ibs:10 xop:11
     skinit:12 wdt:13 lwp:15 fma4:16 nodeid-msr:19 tbm:21 topoext:22 dbext:26 monitorx:29 addr-msk-ext:30@4.19`,
  ],
  ['0xd.1 eax', 'xsaveopt:0 xsavec:1 xgetbv1:2 xsaves:3 xfd:4@4.20'],
  [
    '0x7.0 ebx',
    `fsgsbase:0 tsc-adjust:1 sgx:2 bmi1:3 hle:4 avx2:5 fdp-excp-only:6 smep:7 bmi2:8 erms:9 invpcid:10 rtm:11 pqm:12
     no-fpu-sel:13 mpx:14 pqe:15 avx512f:16 avx512dq:17 rdseed:18 adx:19 smap:20 avx512-ifma:21 clflushopt:23 clwb:24
     proc-trace:25 avx512pf:26 avx512er:27 avx512cd:28 sha:29 avx512bw:30 avx512vl:31`,
  ],
  [
    '0x7.0 ecx',
    `prefetchwt1:0 avx512-vbmi:1 umip:2 pku:3 ospke:4 waitpkg:5@4.20 avx512-vbmi2:6 cet-ss:7 gfni:8 vaes:9 vpclmulqdq:10
     avx512-vnni:11 avx512-bitalg:12 tme:13@4.20 avx512-vpopcntdq:14 la57:16@4.20 rdpid:22 bld:24@4.18 cldemote:25
     movdiri:27 movdir64b:28 enqcmd:29 sgx-lc:30@4.20 pks:31@4.18`,
  ],
  ['0x80000007 edx', 'hw-pstate:7 itsc:8 cpb:9 efro:10'],
  [
    '0x80000008 ebx',
    `clzero:0 rstr-fp-err-ptrs:2 wbnoinvd:9 ibpb:12 ibrs:14 amd-stibp:15 ibrs-always:16 stibp-always:17 ibrs-fast:18
     ibrs-same-mode:19 no-lmsl:20 amd-ppin:23 amd-ssbd:24 virt-ssbd:25 ssb-no:26 cppc:27@4.21 psfd:28 btc-no:29 ibpb-ret:30`,
  ],
  [
    '0x7.0 edx',
    `sgx-keys:1@4.20 avx512-4vnniw:2 avx512-4fmaps:3 fsrm:4 uintr:5@4.19 avx512-vp2intersect:8 srbds-ctrl:9 md-clear:10
     rtm-always-abort:11 tsx-force-abort:13 serialize:14 hybrid:15 tsxldtrk:16 pconfig:18@4.20 arch-lbr:19@4.19 cet-ibt:20
     amx-bf16:22@4.20 avx512-fp16:23 amx-tile:24@4.19 amx-int8:25@4.20 ibrsb:26 stibp:27 l1d-flush:28 arch-caps:29
     core-caps:30 ssbd:31`,
  ],
  [
    '0x7.1 eax',
    `sha512:0@4.19 sm3:1@4.19 sm4:2@4.19 avx-vnni:4 avx512-bf16:5 lass:6@4.21 cmpccxadd:7@4.20 arch-perf-mon:8@4.21 fzrm:10
     fsrs:11 fsrcs:12 fred:17@4.19 lkgs:18@4.21 wrmsrns:19@4.18 nmi-src:20@4.21 amx-fp16:21@4.20 avx-ifma:23@4.18
     lam:26@4.21 msrlist:27@4.21 no-invd:30@4.21 movrs:31@master`,
  ],
  [
    '0x80000021 eax',
    `no-nest-bp:0@4.19 fs-gs-ns:1@4.19 lfence-dispatch:2 verw-clear:5 nscb:6 auto-ibrs:8 amd-fsrs:10@4.19 amd-fsrc:11@4.19
     cpuid-user-dis:17@4.18 epsf:18@4.19 fsrsc:19@4.19 amd-prefetchi:20@4.19 avx512-bmm:23@4.22 sbpb:27 ibpb-brtype:28
     srso-no:29 srso-us-no:30 srso-msr-fix:31`,
  ],
  ['0x7.1 ebx', 'intel-ppin:0'],
  ['0x7.2 edx', 'intel-psfd:0 ipred-ctrl:1 rrsba-ctrl:2 ddp-ctrl:3@4.18 bhi-ctrl:4 mcdt-no:5 uc-lock-dis:6@4.21'],
  ['0x7.1 ecx', ''],
  [
    '0x7.1 edx',
    `avx-vnni-int8:4@4.18 avx-ne-convert:5@4.18 amx-complex:8@4.20 avx-vnni-int16:10@4.19 prefetchi:14@4.19
     uiret-uif:17@4.21 cet-sss:18 slsm:24@4.21`,
  ],
  [
    'msr 0x10a low',
    `rdcl-no:0 eibrs:1 rsba:2 skip-l1dfl:3 intel-ssb-no:4 mds-no:5 if-pschange-mc-no:6 tsx-ctrl:7 taa-no:8 mcu-ctrl:9
     misc-pkg-ctrl:10 energy-filtering:11 doitm:12 sbdr-ssdp-no:13 fbsdp-no:14 psdp-no:15 mcu-ext:16@4.21 fb-clear:17
     fb-clear-ctrl:18 rrsba:19 bhi-no:20 xapic-status:21 ovrclk-status:23 pbrsb-no:24 gds-ctrl:25 gds-no:26 rfds-no:27
     rfds-clear:28 ign-umonitor:29@4.21 mon-umon-mitg:30@4.21`,
  ],
  ['msr 0x10a high', 'pb-opt-ctrl:0@4.18 its-no:30'],
  ['0x80000021 ecx', 'tsa-sq-no:1 tsa-l1-no:2'],
];

/** Fields of cpuid leaves with names of libxl's own, besides the features: `name:place:bit:length`, `-until` when dropped later. */
export const LEAF_FIELDS = `
  maxleaf:0x0.eax:0:32 stepping:0x1.eax:0:4 model:0x1.eax:4:8 family:0x1.eax:8:8 brandid:0x1.ebx:0:8 clflush:0x1.ebx:8:8
  proccount:0x1.ebx:16:8 localapicid:0x1.ebx:24:8 est:0x1.ecx:7:1 cntxid:0x1.ecx:10:1 cmpxchg16:0x1.ecx:13:1
  sse4_1:0x1.ecx:19:1 sse4.1:0x1.ecx:19:1 sse4_2:0x1.ecx:20:1 sse4.2:0x1.ecx:20:1 aes:0x1.ecx:25:1 cmpxchg8:0x1.edx:8:1
  sysenter:0x1.edx:11:1 psn:0x1.edx:18:1 clfsh:0x1.edx:19:1 tm:0x1.edx:29:1 ia64:0x1.edx:30:1 pbe:0x1.edx:31:1-4.17
  arat:0x6.eax:2:1 tsc_adjust:0x7.0.ebx:1:1 cmt:0x7.0.ebx:12:1 lahfsahf:0x80000001.ecx:0:1 cmplegacy:0x80000001.ecx:1:1
  altmovcr8:0x80000001.ecx:4:1 nodeid:0x80000001.ecx:19:1 perfctr_core:0x80000001.ecx:23:1 perfctr_nb:0x80000001.ecx:24:1
  procpkg:0x4.0.eax:26:6 invtsc:0x80000007.edx:8:1 ppin:0x80000008.ebx:23:1 btc-no:0x80000008.ebx:29:1-4.17
  nc:0x80000008.ecx:0:8 apicidsize:0x80000008.ecx:12:4 svm_npt:0x8000000a.edx:0:1 svm_lbrv:0x8000000a.edx:1:1
  svm_nrips:0x8000000a.edx:3:1 svm_tscrate:0x8000000a.edx:4:1 svm_vmcbclean:0x8000000a.edx:5:1 svm_decode:0x8000000a.edx:7:1
  svm_pausefilt:0x8000000a.edx:10:1 lfence+:0x80000021.eax:2:1 maxhvleaf:0x40000000.eax:0:8
`;
