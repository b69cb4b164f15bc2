// The fields that each kind of object is known to have, so that every other one is reported and nothing is dropped
// quietly. Most are known and not used: they say nothing about which flows the distributed firewall allows.
// After the schemas of the NSX 4.2 Policy API; `_revision` and all others with a leading underscore are bookkeeping.
import { quote } from '../../../net/address.ts';
import { fieldOf, isEmptyValue, keySpanOf, type RecordNode } from './node.ts';
import { elsewhere, type Problems } from './problems.ts';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What every object of the Policy API may have. */
const COMMON = new Set(
  words(`id display_name description resource_type path parent_path relative_path remote_path unique_id realization_id
    owner_id origin_site_id global_id marked_for_delete overridden tags children is_default external_id`),
);

const ENTRY = words('display_name');
const POLICY_ORDER = words(
  'category sequence_number internal_sequence_number rules rule_count scope stateful tcp_strict',
);

const KNOWN = {
  VirtualMachine: words('compute_ids guest_info host_id local_id_on_host power_state source type runtime'),
  GuestInfo: words('computer_name os_name os_version ip_addresses'),
  VirtualNetworkInterface: words(`device_key device_name host_id ip_address_info lport_attachment_id mac_address
    owner_vm_id owner_vm_type vm_local_id_on_host`),
  IpAddressInfo: words('ip_addresses source'),
  Segment: words(`connectivity_path transport_zone_path replication_mode overlay_id admin_state subnets vlan_ids type
    advanced_config segment_ports ports segment_profiles domain_name ls_id dhcp_config_path extra_configs l2_extension
    bridge_profiles address_bindings mac_pool_id evpn_segment evpn_tenant_config_path federation_config
    metadata_proxy_paths vni`),
  SegmentSubnet: words('gateway_address dhcp_ranges dhcp_config network static_ip_pool ip_address_type'),
  SegmentPort: words(`attachment address_bindings admin_state init_state ignored_address_bindings extra_configs
    source_site_id attachments segment_path`),
  PortAttachment: words(`type traffic_tag context_id app_id allocate_addresses hyperbus_mode bms_interface_config
    context_type evpn_vlans`),
  AddressBinding: words('ip_address mac_address vlan_id'),
  Tier0: words(`ha_mode failover_mode transit_subnets internal_transit_subnets policy_nats locale_services interfaces
    advanced_config arp_limit disable_firewall dhcp_config_paths force_whitelisting default_rule_logging
    intersite_config ipv6_profile_paths rd_admin_field vrf_config vrf_transit_subnets stateful_services
    federation_config multi_vrf_inter_sr_routing`),
  Tier1: words(`tier0_path failover_mode route_advertisement_types route_advertisement_rules disable_firewall
    policy_nats locale_services interfaces advanced_config arp_limit default_rule_logging dhcp_config_paths
    enable_standby_relocation force_whitelisting ha_mode intersite_config ipv6_profile_paths pool_allocation qos_profile
    type federation_config`),
  Group: words(`expression extended_expression group_type state reference vm_members vif_members ips_members
    segments_members`),
  Service: words('service_entries service_type'),
  SecurityPolicy: [
    ...POLICY_ORDER,
    ...words(`locked lock_modified_by lock_modified_time comments scheduler_path connectivity_preference
      connectivity_strategy application_connectivity_strategy default_rule_id default_rule logging_enabled`),
  ],
  Rule: words(`action source_groups destination_groups sources_excluded destinations_excluded services service_entries
    profiles scope direction ip_protocol sequence_number disabled logged notes tag rule_id firewall_rule
    is_default policy_path`),
  Condition: words('member_type key operator value scope_operator'),
  ConjunctionOperator: words('conjunction_operator'),
  NestedExpression: words('expressions'),
  PathExpression: words('paths'),
  IPAddressExpression: words('ip_addresses'),
  MACAddressExpression: words('mac_addresses'),
  ExternalIDExpression: words('external_ids member_type'),
  IdentityGroupExpression: words('identity_groups'),
  L4PortSetServiceEntry: [...ENTRY, ...words('l4_protocol source_ports destination_ports')],
  ICMPTypeServiceEntry: [...ENTRY, ...words('protocol icmp_type icmp_code')],
  IGMPTypeServiceEntry: ENTRY,
  IPProtocolServiceEntry: [...ENTRY, ...words('protocol_number')],
  EtherTypeServiceEntry: [...ENTRY, ...words('ether_type')],
  ALGTypeServiceEntry: [...ENTRY, ...words('alg source_ports destination_ports')],
  NestedServiceServiceEntry: [...ENTRY, ...words('nested_service_path')],
  PolicyFirewallScheduler: words(`days start_date end_date start_time end_time recurring time_interval timezone`),
  PolicyExcludeList: words('members'),
  Domain: words(`resources groups security_policies gateway_policies redirection_policies connectivity_strategy`),
  DomainResources: words('groups security_policies gateway_policies redirection_policies'),
  Infra: words('connectivity_strategy domains services segments tier0 tier1'),
  Configuration: words(`services virtual_machines virtual_network_interface segments tier0 tier1 domains exclude_list
    firewall_schedulers`),
  ListResult: words('results result_count cursor sort_by sort_ascending'),
  RealizedRule: words('action sources destinations services direction ip_protocol disabled logged rule_tag notes'),
} as const;

export type ObjectType = keyof typeof KNOWN;

const KNOWN_SETS: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(KNOWN).map(([type, names]) => [type, new Set<string>(names)]),
);

/** Reports the fields of an object that are not known and hold something; one diagnostic for each type and name. */
export function checkFields(problems: Problems, node: RecordNode, type: ObjectType): void {
  const known = KNOWN_SETS.get(type) as ReadonlySet<string>;
  for (const name of Object.keys(node.value)) {
    if (name.startsWith('_') || COMMON.has(name) || known.has(name) || isEmptyValue(node.value[name])) continue;
    problems.count(
      'warning',
      'nsx/unknown-field',
      `${type} ${name}`,
      (times) => `${quote(name)} of a ${quote(type)} is not understood${elsewhere(times)}`,
      () => keySpanOf(fieldOf(node, name)),
      'it was not taken into account; if it changes which flows are allowed, answers may be wrong',
    );
  }
}
