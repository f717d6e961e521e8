import { mutate, type Random } from './random.ts';

/** Values to try for a key: good ones, odd ones and bad ones, as they stand in a file. */
const NUMBERS = [
  '0',
  '1',
  '2',
  '16',
  '010',
  '0x20',
  '"-1"',
  '"+3"',
  '" 7"',
  '"7 "',
  '"x"',
  '""',
  '4294967296',
  '99999999999999999999',
  '[1]',
];
const FLAGS = ['0', '1', '1', '0', '"1"', '2', '"-1"', '"True"', '[1]'];
const TEXTS = ['"a"', '"/boot/x y"', '""', '"caf\u00e9 \\"q\\" \\\\ \\n"', '["a"]', '5'];
const LISTS = ['[]', '["a", "b"]', '["a", ["b"], "c"]', '"a"', '[["a"]]', '[1, 2]'];
const ACTIONS = [
  '"destroy"',
  '"restart"',
  '"rename-restart"',
  '"preserve"',
  '"coredump-destroy"',
  '"coredump-restart"',
  '"soft-reset"',
  '"Destroy"',
  '"x"',
  '[]',
];

const texts = (keys: string): [string, readonly string[]][] => keys.split(' ').map((key) => [key, TEXTS]);
const numbers = (keys: string): [string, readonly string[]][] => keys.split(' ').map((key) => [key, NUMBERS]);
const flags = (keys: string): [string, readonly string[]][] => keys.split(' ').map((key) => [key, FLAGS]);
const list = (...items: string[]): string[] => [
  ...items.map((item) => `["${item}"]`),
  `["${items.join('", "')}"]`,
  `["${items[0]}", ["x"], "${items.at(-1)}"]`,
];

/** Every key that xl reads, with values. */
export const VALUES: ReadonlyMap<string, readonly string[]> = new Map([
  ...texts(
    'seclabel init_seclabel pool ramdisk device_tree bootloader_user pvshim_path pvshim_cmdline pvshim_extra boot bios_path_override firmware_override smbios_firmware acpi_firmware',
  ),
  ...texts(
    'device_model device_model_override device_model_stubdomain_seclabel device_model_user stubdomain_kernel stubdomain_cmdline stubdomain_ramdisk vnclisten vncpasswd display xauthority keymap spicehost spicepasswd spice_image_compression spice_streaming_video soundhw',
  ),
  ...numbers(
    'memory maxmem shadow_memory videoram rtc_timeoffset max_event_channels cpu_weight cap period slice latency extratime rdm_mem_boundary usbversion spiceport spicetls_port spiceusbredirection vncdisplay stubdomain_memory vmtrace_buf_kb pci_permissive pci_msitranslate pci_seize pci_power_mgmt vncviewer nr_spis xenstore_feature_mask altp2m_count max_grant_frames max_maptrack_frames max_grant_version',
  ),
  ...flags(
    'hap oos driver_domain nomigrate xend_suspend_evtchn_compat localtime acpi acpi_s3 acpi_s4 acpi_laptop_slate apic nx pae hpet vpt_align nestedhvm altp2mhvm msr_relaxed vpmu hvm_pirq xen_platform_pci xen_platform_pci_bar_uc e820_host pvshim bootloader_restrict dm_restrict device_model_stubdomain_override vnc vncunused sdl opengl spice spicedisable_ticketing spiceagent_mouse spicevdagent spice_clipboard_sharing nographic stdvga usb vkb_device trap_unmapped_accesses',
  ),
  ...['on_poweroff', 'on_reboot', 'on_watchdog', 'on_crash', 'on_soft_reset'].map((key): [string, readonly string[]] => [
    key,
    ACTIONS,
  ]),
  ['type', ['"pv"', '"hvm"', '"pvh"', '"p"', '"PV"', '""', '"xyz"', '[]']],
  ['builder', ['"hvm"', '"generic"', '"linux"', '"g"', '5']],
  ['uuid', ['"11111111-2222-3333-4444-555555555555"', '"ABCDEFab-2222-3333-4444-555555555555"', '"1"', '""']],
  ['kernel', ['"/boot/vmlinuz"', '"/usr/lib/xen/boot/hvmloader"', '"hvmloader"', '""', '[]']],
  ['bootloader', ['"pygrub"', '"/usr/bin/x"', '[]']],
  ['bootloader_args', ['["-q", "x"]', '"a  b\tc"', '[]', '["a", ["b"], "c"]']],
  ['cmdline', TEXTS],
  ['root', ['"/dev/xvda"', '"/dev/xvda ro"', '[]']],
  ['extra', ['"quiet"', '"a b"', '[]']],
  ['firmware', ['"uefi"', '"bios"', '"pvgrub32"', '"pvgrub64"', '"pvgrub"', '"ovmf"', '"SeaBIOS"', '"/x/y.bin"', '""', '[]']],
  ['bios', ['"ovmf"', '"SEABIOS"', '"rombios"', '"x"', '[]']],
  ['passthrough', ['"default"', '"Enabled"', '"disabled"', '"sync_pt"', '"share_pt"', '"x"']],
  ['vcpus', ['1', '2', '4', '8', '0', '"-1"', '"x"', '16']],
  ['maxvcpus', ['1', '2', '4', '8', '0', '"-1"', '32', '"x"']],
  [
    'cpus',
    [
      '"0-1"',
      '"all"',
      '"0,2"',
      '"0-3,^1"',
      '"node:0"',
      '"^node:0"',
      '"nodes:0-0"',
      '"all,^2"',
      '"^all"',
      '"node:1"',
      '"1-0"',
      '""',
      '"99"',
      '["0", "1"]',
      '["0-1", "x"]',
      '["0", ["1"]]',
      '5',
      '"0x1"',
      '" 1"',
    ],
  ],
  ['cpus_soft', ['"0-1"', '"all"', '["0", "1", "2"]', '"x"', '[]']],
  [
    'cpuid',
    [
      '"host,tm=0,sse3=1"',
      '"host,family=21,model=0x1f,stepping=k"',
      '"host,family=6,proccount=x"',
      '"host,bogus=1,fpu"',
      '"intel"',
      '""',
      '"host,arch-caps=1,rdcl-no=1,sbdr-ssdp-no=s,ibrs-all=q,tsx-ctrl=11"',
      '["1:ecx=xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"]',
      '["0x80000001,1:eax=0xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx, edx=1xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", "7"]',
      '["1:exx=0"]',
      '["x"]',
      '["1,x:"]',
      '["1:eax=0"]',
      '"host,cmpxchg16=k,pcid=s,avx=z,invtsc=7"',
    ],
  ],
  [
    'vnuma',
    [
      '[["pnode=0", "size=512", "vcpus=0-1", "vdistances=10"]]',
      '[["size=128", "vcpus=0"], ["size=128", "vcpus=1", "vdistances=20,10"]]',
      '[["pnode=3"]]',
      '["x"]',
      '[]',
      '[["bogus=1", "vcpus=0-3"]]',
      '[["x"]]',
      '[["size=x"]]',
      '"x"',
      '[["vcpus=0-7", "size=1"]]',
    ],
  ],
  [
    'viridian',
    [
      '1',
      '0',
      '["base", "freq"]',
      '["all", "!freq"]',
      '["defaults", "!BASE"]',
      '["bogus"]',
      '[]',
      '"x"',
      '["defaults"]',
      '["cpu_hotplug", "stimer"]',
    ],
  ],
  ['mca_caps', ['["lmce"]', '[]', '["x"]', '"lmce"']],
  ['smbios', ['["bios_vendor=x"]', '["OEM=a=b", "oem=c"]', '["bogus=1"]', '["oem="]', '["oem"]', '"x"', '[]']],
  ['tsc_mode', ['"native"', '"DEFAULT"', '1', '3', '7', '"x"', '"-1"', '[]', '"native_paravirt"']],
  ['timer_mode', ['"one_missed_tick_pending"', '1', '9', '"x"', '[]', '"Delay_for_missed_ticks"', '"-1"']],
  ['altp2m', ['"external"', '1', '3', '9', '"x"', '"Limited"', '[]']],
  ['gfx_passthru', ['1', '0', '"igd"', '"default"', '"x"', '[]']],
  ['mmio_hole', ['256', '255', '3840', '3841', '1024', '"-1"', '"x"']],
  ['ms_vm_genid', ['"none"', '"generate"', '"x"', '[]']],
  ['vga', ['"stdvga"', '"cirrus"', '"none"', '"qxl"', '"VGA"', '[]']],
  ['hdtype', ['"ide"', '"AHCI"', '"x"', '[]']],
  ['vendor_device', ['"none"', '"XenServer"', '"x"']],
  ['device_model_version', ['"qemu-xen"', '"qemu-xen-traditional"', '"x"', '[]']],
  ['serial', ['"pty"', '["pty", "none"]', '[]', '["a", ["b"]]']],
  ['usbdevice', ['"tablet"', '["tablet", "mouse"]', '[]']],
  ['vuart', ['"sbsa_uart"', '"unknown"', '"x"', '[]']],
  ['gic_version', ['"v2"', '"V3"', '"default"', '"x"', '[]']],
  ['tee', ['"optee"', '"none"', '"ffa"', '"x"', '[]']],
  ['sve', ['"hw"', '"128"', '256', '"x"', '[]']],
  ['arm_sci', ['"type=scmi_smc"', '"type=none"', '"x"', '"type=y"']],
  ...['device_model_args', 'device_model_args_pv', 'device_model_args_hvm'].map((key): [string, readonly string[]] => [
    key,
    LISTS,
  ]),
  ['dtdev', LISTS],
  ['vif2', LISTS],
  ['llc_colors', ['["0-3", "7"]', '["5-2"]', '["x"]', '[]', '[1]', '"1"']],
  ['xenstore_quota', ['["nodes=10"]', '["x"]', '["a=b"]', '[]']],
  [
    'ioports',
    [
      '["2f8-2ff"]',
      '["3f8"]',
      '["x"]',
      '["1-"]',
      '["10-f"]',
      '["ffffffff"]',
      '["3f8 "]',
      '[["1"]]',
      '"2f8"',
      '["0x60-0x64", "70"]',
      '["-1"]',
    ],
  ],
  ['irqs', ['[1, 33]', '["0x1"]', '["x"]', '[["1"]]', '["4294967295"]', '["1 "]', '"1"']],
  ['iomem', ['["f0000,10"]', '["f0000,10@20000"]', '["x"]', '["1"]', '["1,2@"]', '["1,2 "]', '["0xfe,0x1", " 1, 2"]', '[["1"]]']],
  [
    'disk',
    list(
      'phy:/dev/x,xvda,w',
      'vdev=xvda,target=/a',
      '/a,raw,xvda,rw',
      '/a,,xvdb,r',
      ',hdc:cdrom,r',
      'file:/a.img,hda:disk',
      'format=qcow2,vdev=hda,access=ro,target=/a,b',
      'vdev=hdc,cdrom',
      'format=QCOW2,vdev=a,target=/x',
      'x',
      'vdev=a',
      'tap2:aio:/x,xvda,w',
      'nbd:host:1,xvda,w',
      'discard,direct-io-safe,no-discard,vdev=a,target=b',
      'backendtype=qdisk,specification=virtio,backend=d,script=s,vdev=a,untrusted,target=/x',
      'colo,colo-host=h,colo-port=1,colo-export=e,active-disk=a,hidden-disk=b,vdev=v,target=t',
      'devtype=floppy,vdev=a,target=b',
      'grant_usage=1,vdev=a,target=b',
    ),
  ],
  [
    'vif',
    list(
      '',
      'mac=00:16:3e:01:02:03,bridge=xenbr0',
      'bridge=b,type=ioemu,model=e1000',
      'mac=zz',
      'mac=00:16,bridge=x',
      'rate=1Mb/s@20ms',
      'rate=10',
      'rate=2GB/s',
      'devid=3,mtu=9000',
      'devid=x',
      'netdev=eth0',
      'accel=1',
      'trusted',
      'untrusted',
      'ip=10.0.0.1,script=vif-nat,gatewaydev=eth0,vifname=v,backend=d',
      'type=x',
      'bogus=1',
      'forwarddev=e,colo_sock_mirror_id=1,colo_checkpoint_host=h',
      'vlan=10',
      ' bridge=a, mac=1:2:3:4:5:6',
      'mac=1-2-3-4-5-6,mac=ff',
    ),
  ],
  [
    'pci',
    list(
      '03:00.0',
      '0000:03:00.0,permissive=1',
      '03:00.*',
      '03:00.1@1f',
      'bdf=1:2.3,vslot=4',
      'name=nic',
      'name=nic,bdf=1:2.3',
      '1:2.8',
      '100:1.0',
      'x',
      '03:00.0,msitranslate=1,seize=0,power_mgmt=1,rdm_policy=relaxed',
      '03:00.0,bogus=1',
      '03:00.0@20',
      '1:2.3,rdm_policy=x',
      '0x3:0x0.0x1',
    ),
  ],
  ['rdm', ['"strategy=host"', '"policy=strict"', '"strategy=host,policy=relaxed"', '"x"', '""', '"strategy=x"', '[]']],
  ['usbctrl', list('type=auto,version=2,ports=8', '', 'type=qusb', 'type=x', 'bogus=1', 'version=x', ' ports=3')],
  [
    'usbdev',
    list(
      'type=hostdev,hostbus=1,hostaddr=3',
      'hostbus=1',
      'type=hostdev,controller=0,port=2',
      'type=x',
      '',
      'hostaddr=0x101,type=HOSTDEV',
      'bogus',
    ),
  ],
  [
    'vfb',
    list(
      'vnc=1,vnclisten=127.0.0.1,vncdisplay=2',
      '',
      'sdl=1,opengl=0,display=:0,xauthority=x,keymap=de',
      'bogus=1,vnc=1',
      'vnc,vncpasswd=x',
      'vncunused=1,vncpasswd=p',
    ),
  ],
  [
    'vkb',
    list(
      'backend-type=qemu',
      'backend-type=linux,backend=0,unique-id=a,feature-abs-pointer=1',
      '',
      'backend-type=x',
      'backend-type=qemu,feature-multi-touch=1',
      'backend-type=qemu,multi-touch-width=100,multi-touch-height=0x10,multi-touch-num-contacts=2,width=1,height=2',
      'feature-raw-pointer=1,feature-disable-keyboard=1,feature-disable-pointer=0,backend-type=QEMU',
      'backend-type=unknown',
    ),
  ],
  [
    'vtpm',
    list(
      'backend=d',
      'backend=d,uuid=11111111-2222-3333-4444-555555555555',
      'uuid=x,backend=d',
      '',
      'x',
      'backend=d,x',
      'backend=d,y=1',
    ),
  ],
  [
    'p9',
    list(
      'tag=t,path=/p,security_model=none',
      'tag=t,path=/p,security_model=none,backend=d',
      'tag=t',
      'type=xen_9pfsd,tag=t',
      'x',
      'tag= t ,path=/p, security_model=none',
      'tag=t,path=/p,security_model=none,max-files=3,auto-delete=1',
      'tag=a=b,path=/p,security_model=n',
    ),
  ],
  ['pvcalls', list('backend=0', '', 'x', 'bogus=1', 'backend=a,backend=b')],
  [
    'channel',
    list(
      'connection=pty,name=a',
      'connection=socket,path=/s,name=b',
      'connection=socket',
      'connection=x',
      'name=a',
      'connection = pty , bogus=1',
      'x',
      'connection=pty,backend=d,path=/unused',
      'name=a=b,connection=pty',
    ),
  ],
  [
    'vdispl',
    list(
      'connectors=id0:1920x1080',
      'backend=0,be-alloc=1,connectors=id0:1920x1080;id1:640x480',
      'backend=0',
      'connectors=a:1x',
      'bogus=1',
      'connectors=a:1x2x3',
    ),
  ],
  [
    'vsnd',
    [
      '[["card,backend=0,short-name=s", "pcm,name=d,channels-max=2", "stream,type=p,unique-id=u,sample-rates=8000;44100"]]',
      '[["stream,type=C"]]',
      '[["pcm", "stream, type=p", "stream,sample-formats=s8;U8"]]',
      '["x"]',
      '[["bogus"]]',
      '[["card,bogus=1"]]',
      '[[]]',
      '"x"',
      '[["CARD,buffer-size=0x10,channels-min=1"]]',
      '[["stream,type=x"]]',
      '[["pcm,name=a"], ["card,long-name=l"]]',
    ],
  ],
  ['virtio', list('type=virtio,device22,transport=mmio,grant_usage=1', 'backend=d,type=i2c', 'bogus=1', '', 'transport=x')],
]);

const BASES = [
  'name = "g"\nkernel = "/boot/k"\n',
  'name = "g"\ntype = "pvh"\nkernel = "/boot/k"\nmemory = 64\nvcpus = 2\n',
  'name = "g"\ntype = "hvm"\nvcpus = 2\nmemory = 256\n',
  'name = "g"\ntype = "pv"\nbootloader = "pygrub"\nvcpus = 1\n',
];
const PIECES = [',', '=', ' ', ':', '0', '1', '-', '"', 'x', ';', '@', '.', '!', '^', 'a', '/', '\t'];

/** One file for each key, value and kind of guest. */
export function everyValue(): string[] {
  return [...VALUES].flatMap(([key, values]) => values.flatMap((value) => BASES.map((base) => `${base}${key} = ${value}\n`)));
}

/** A guest with some keys at random; every third one has a value mutated. */
export function randomDomain(random: Random): string {
  const keys = [...VALUES.keys()];
  const lines = random.times(6, () => {
    const key = random.pick(keys);
    const value = random.pick(VALUES.get(key) as readonly string[]);
    const operator = random.chance(5) ? '+=' : '=';
    return `${key} ${operator} ${random.chance(30) ? mutate(value, random, PIECES) : value}\n`;
  });
  return random.pick(BASES) + lines.join('');
}
