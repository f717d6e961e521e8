/**
 * libxl's types as far as a domain's configuration reaches: what libxl_types.idl of Xen 4.17 to master declares, one
 * struct an entry. A field is `name:type`, then `=value` when libxl's initial value is not the type's own (`max`: all
 * bits set), then `@since` or `@since-until` in releases. `[]` is an array, `union(key:enum:…)` the union selected by an
 * enumeration, whose members carry `-` when they hold nothing.
 */
export const STRUCTS: Readonly<Record<string, string>> = {
  domain_config: `
    c_info:domain_create_info b_info:domain_build_info disks:device_disk[] nics:device_nic[] pcidevs:device_pci[]
    rdms:device_rdm[] dtdevs:device_dtdev[] vfbs:device_vfb[] vkbs:device_vkb[] virtios:device_virtio[]@4.18
    vtpms:device_vtpm[] p9s:device_p9[] pvcallsifs:device_pvcallsif[] vdispls:device_vdispl[] vsnds:device_vsnd[]
    channels:device_channel[] usbctrls:device_usbctrl[] usbdevs:device_usbdev[] on_poweroff:action_on_shutdown
    on_reboot:action_on_shutdown on_watchdog:action_on_shutdown on_crash:action_on_shutdown
    on_soft_reset:action_on_shutdown`,
  domain_create_info: `
    type:domain_type hap:defbool oos:defbool ssidref:uint32 ssid_label:string name:string domid:domid uuid:uuid
    xsdata:key_value_list platformdata:key_value_list poolid:uint32 pool_name:string run_hotplug_scripts:defbool
    driver_domain:defbool passthrough:passthrough xend_suspend_evtchn_compat:defbool`,
  domain_build_info: `
    max_vcpus:int avail_vcpus:bitmap cpumap:bitmap nodemap:bitmap vcpu_hard_affinity:bitmap[]
    vcpu_soft_affinity:bitmap[] numa_placement:defbool tsc_mode:tsc_mode max_memkb:memkb target_memkb:memkb
    video_memkb:memkb shadow_memkb:memkb iommu_memkb:memkb rtc_timeoffset:uint32 exec_ssidref:uint32
    exec_ssid_label:string localtime:defbool disable_migrate:defbool cpuid:cpuid_policy_list blkdev_start:string
    vnuma_nodes:vnode_info[] max_grant_frames:uint32=max max_maptrack_frames:uint32=max max_grant_version:int=max
    device_model_version:device_model_version device_model_stubdomain:defbool stubdomain_memkb:memkb
    stubdomain_kernel:string stubdomain_cmdline:string stubdomain_ramdisk:string device_model:string
    device_model_ssidref:uint32 device_model_ssid_label:string device_model_user:string extra:string_list
    extra_pv:string_list extra_hvm:string_list sched_params:domain_sched_params ioports:ioport_range[] irqs:uint32[]
    iomem:iomem_range[] llc_colors:uint32[]@4.20 claim_mode:defbool event_channels:uint32 kernel:string
    cmdline:string ramdisk:string device_tree:string acpi:defbool bootloader:string bootloader_args:string_list
    bootloader_restrict:defbool@4.18 bootloader_user:string@4.18 timer_mode:timer_mode nested_hvm:defbool
    apic:defbool dm_restrict:defbool tee:tee_type u:union(type:domain_type:hvm|pv|pvh|invalid-)
    arch_arm:build_arch_arm arch_x86:build_arch_x86 altp2m:altp2m_mode altp2m_count:uint32=max@4.21
    vmtrace_buf_kb:int vpmu:defbool trap_unmapped_accesses:defbool@4.21 xenstore_feature_mask:uint32=max@4.21
    xenstore_quota:xs_quota_list@4.22`,
  vnode_info: `
    memkb:memkb distances:uint32[] pnode:uint32 vcpus:bitmap`,
  domain_sched_params: `
    sched:scheduler weight:int=-1 cap:int=-1 period:int=-1 budget:int=-1 extratime:int=-1 slice:int=-1
    latency:int=-1`,
  ioport_range: `
    first:uint32 number:uint32`,
  iomem_range: `
    start:uint64 number:uint64 gfn:uint64=max`,
  build_hvm: `
    firmware:string bios:bios_type pae:defbool apic:defbool acpi:defbool acpi_s3:defbool acpi_s4:defbool
    acpi_laptop_slate:defbool nx:defbool viridian:defbool viridian_enable:bitmap viridian_disable:bitmap
    timeoffset:string hpet:defbool vpt_align:defbool mmio_hole_memkb:memkb timer_mode:timer_mode nested_hvm:defbool
    altp2m:defbool system_firmware:string smbios_firmware:string smbios:smbios[]@4.18 acpi_firmware:string
    hdtype:hdtype nographic:defbool vga:vga_interface_info vnc:vnc_info keymap:string sdl:sdl_info spice:spice_info
    gfx_passthru:defbool gfx_passthru_kind:gfx_passthru_kind serial:string boot:string usb:defbool usbversion:int
    usbdevice:string vkb_device:defbool soundhw:string xen_platform_pci:defbool xen_platform_pci_bar_uc:defbool@4.21
    usbdevice_list:string_list vendor_device:vendor_device ms_vm_genid:ms_vm_genid serial_list:string_list
    rdm:rdm_reserve rdm_mem_boundary_memkb:memkb mca_caps:uint64 pirq:defbool@4.19`,
  vga_interface_info: `
    kind:vga_interface_type`,
  vnc_info: `
    enable:defbool listen:string passwd:string display:int findunused:defbool`,
  sdl_info: `
    enable:defbool opengl:defbool display:string xauthority:string`,
  spice_info: `
    enable:defbool port:int tls_port:int host:string disable_ticketing:defbool passwd:string agent_mouse:defbool
    vdagent:defbool clipboard_sharing:defbool usbredirection:int image_compression:string streaming_video:string`,
  rdm_reserve: `
    strategy:rdm_reserve_strategy policy:rdm_reserve_policy`,
  build_pv: `
    kernel:string slack_memkb:memkb bootloader:string bootloader_args:string_list cmdline:string ramdisk:string
    e820_host:defbool`,
  build_pvh: `
    pvshim:defbool pvshim_path:string pvshim_cmdline:string pvshim_extra:string`,
  build_arch_arm: `
    gic_version:gic_version vuart:vuart_type sve_vl:sve_type@4.18 nr_spis:uint32=max@4.21 arm_sci:arm_sci@4.21
    nr_spis:uint32@4.19-4.20`,
  build_arch_x86: `
    msr_relaxed:defbool`,
  device_disk: `
    backend_domid:domid backend_domname:string pdev_path:string vdev:string backend:disk_backend format:disk_format
    script:string removable:int readwrite:int is_cdrom:int direct_io_safe:bool discard_enable:defbool
    specification:disk_specification transport:disk_transport irq:uint32 base:uint64 colo_enable:defbool
    colo_restore_enable:defbool colo_host:string colo_port:int colo_export:string active_disk:string
    hidden_disk:string trusted:defbool grant_usage:defbool@4.19`,
  device_nic: `
    backend_domid:domid backend_domname:string devid:devid mtu:int vlan:string@4.19 model:string mac:mac ip:string
    bridge:string ifname:string script:string nictype:nic_type rate_bytes_per_interval:uint64
    rate_interval_usecs:uint32 gatewaydev:string coloft_forwarddev:string colo_sock_mirror_id:string
    colo_sock_mirror_ip:string colo_sock_mirror_port:string colo_sock_compare_pri_in_id:string
    colo_sock_compare_pri_in_ip:string colo_sock_compare_pri_in_port:string colo_sock_compare_sec_in_id:string
    colo_sock_compare_sec_in_ip:string colo_sock_compare_sec_in_port:string colo_sock_compare_notify_id:string
    colo_sock_compare_notify_ip:string colo_sock_compare_notify_port:string colo_sock_redirector0_id:string
    colo_sock_redirector0_ip:string colo_sock_redirector0_port:string colo_sock_redirector1_id:string
    colo_sock_redirector1_ip:string colo_sock_redirector1_port:string colo_sock_redirector2_id:string
    colo_sock_redirector2_ip:string colo_sock_redirector2_port:string colo_filter_mirror_queue:string
    colo_filter_mirror_outdev:string colo_filter_redirector0_queue:string colo_filter_redirector0_indev:string
    colo_filter_redirector0_outdev:string colo_filter_redirector1_queue:string colo_filter_redirector1_indev:string
    colo_filter_redirector1_outdev:string colo_compare_pri_in:string colo_compare_sec_in:string
    colo_compare_out:string colo_compare_notify_dev:string colo_sock_sec_redirector0_id:string
    colo_sock_sec_redirector0_ip:string colo_sock_sec_redirector0_port:string colo_sock_sec_redirector1_id:string
    colo_sock_sec_redirector1_ip:string colo_sock_sec_redirector1_port:string
    colo_filter_sec_redirector0_queue:string colo_filter_sec_redirector0_indev:string
    colo_filter_sec_redirector0_outdev:string colo_filter_sec_redirector1_queue:string
    colo_filter_sec_redirector1_indev:string colo_filter_sec_redirector1_outdev:string
    colo_filter_sec_rewriter0_queue:string colo_checkpoint_host:string colo_checkpoint_port:string trusted:defbool`,
  device_pci: `
    func:uint8 dev:uint8 bus:uint8 domain:int vdevfn:uint32 vfunc_mask:uint32 msitranslate:bool power_mgmt:bool
    permissive:bool seize:bool rdm_policy:rdm_reserve_policy name:string`,
  device_rdm: `
    start:uint64 size:uint64 policy:rdm_reserve_policy`,
  device_dtdev: `
    path:string`,
  device_vfb: `
    backend_domid:domid backend_domname:string devid:devid vnc:vnc_info sdl:sdl_info keymap:string`,
  device_vkb: `
    backend_domid:domid backend_domname:string devid:devid backend_type:vkb_backend unique_id:string
    feature_disable_keyboard:bool feature_disable_pointer:bool feature_abs_pointer:bool feature_raw_pointer:bool
    feature_multi_touch:bool width:uint32 height:uint32 multi_touch_width:uint32 multi_touch_height:uint32
    multi_touch_num_contacts:uint32`,
  device_vtpm: `
    backend_domid:domid backend_domname:string devid:devid uuid:uuid`,
  device_p9: `
    backend_domid:domid backend_domname:string tag:string path:string security_model:string devid:devid
    type:p9_type@4.19 max_space:int@4.19 max_files:int@4.19 max_open_files:int@4.19 auto_delete:bool@4.19`,
  device_pvcallsif: `
    backend_domid:domid backend_domname:string devid:devid`,
  device_vdispl: `
    backend_domid:domid backend_domname:string devid:devid be_alloc:bool connectors:connector_param[]`,
  connector_param: `
    unique_id:string width:uint32 height:uint32`,
  device_vsnd: `
    backend_domid:domid backend_domname:string devid:devid short_name:string long_name:string params:vsnd_params
    pcms:vsnd_pcm[]`,
  vsnd_params: `
    sample_rates:uint32[] sample_formats:vsnd_pcm_format[] channels_min:uint32 channels_max:uint32
    buffer_size:uint32`,
  vsnd_pcm: `
    name:string params:vsnd_params streams:vsnd_stream[]`,
  vsnd_stream: `
    unique_id:string type:vsnd_stream_type params:vsnd_params`,
  device_channel: `
    backend_domid:domid backend_domname:string devid:devid name:string
    u:union(connection:channel_connection:unknown-|pty-|socket)`,
  channel_socket: `
    path:string`,
  device_usbctrl: `
    type:usbctrl_type devid:devid version:int ports:int backend_domid:domid backend_domname:string`,
  device_usbdev: `
    ctrl:devid port:int u:union(type:usbdev_type:hostdev)`,
  usbdev_hostdev: `
    hostbus:uint8 hostaddr:uint8`,
  smbios: `
    key:smbios_type@4.18 value:string@4.18`,
  device_virtio: `
    backend_domid:domid@4.18 backend_domname:string@4.18 type:string@4.18 transport:virtio_transport@4.18
    grant_usage:defbool@4.18 devid:devid@4.18 irq:uint32@4.18 base:uint64@4.18`,
  arm_sci: `
    type:arm_sci_type@4.21`,
  xs_quota_list: `
    quota:xs_quota_item[]@4.22`,
  xs_quota_item: `
    name:string@4.22 val:uint32@4.22`,
};

/** The value of each enumeration that libxl takes as unset and leaves out of JSON. */
export const ENUM_DEFAULTS: Readonly<Record<string, string>> = {
  action_on_shutdown: 'destroy',
  altp2m_mode: 'disabled',
  arm_sci_type: 'none',
  bios_type: 'unknown',
  channel_connection: 'unknown',
  device_model_version: 'unknown',
  disk_backend: 'unknown',
  disk_format: 'unknown',
  disk_specification: 'unknown',
  disk_transport: 'unknown',
  domain_type: 'invalid',
  gfx_passthru_kind: 'default',
  gic_version: 'default',
  hdtype: 'ide',
  nic_type: 'unknown',
  p9_type: 'unknown',
  passthrough: 'default',
  rdm_reserve_policy: 'invalid',
  rdm_reserve_strategy: 'ignore',
  scheduler: 'unknown',
  smbios_type: '',
  sve_type: 'disabled',
  tee_type: 'none',
  timer_mode: 'unknown',
  tsc_mode: 'default',
  usbctrl_type: 'auto',
  usbdev_type: '',
  vendor_device: 'none',
  vga_interface_type: 'unknown',
  viridian_enlightenment: 'base',
  virtio_transport: 'unknown',
  vkb_backend: 'unknown',
  vsnd_pcm_format: '',
  vsnd_stream_type: '',
  vuart_type: 'unknown',
};
