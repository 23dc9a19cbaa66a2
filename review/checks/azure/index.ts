/** The checks of Azure, sorted by id. */
import type { AzureCheck } from './azure-check';
import { check as adminRuleOverridesGroups } from './admin-rule-overrides-groups';
import { check as aksApiPublic } from './aks-api-public';
import { check as aksCommandInvoke } from './aks-command-invoke';
import { check as aksControlOff } from './aks-control-off';
import { check as aksOutboundType } from './aks-outbound-type';
import { check as appEgressNotRouted } from './app-egress-not-routed';
import { check as bgpPropagationOn } from './bgp-propagation-on';
import { check as classicRulesIgnored } from './classic-rules-ignored';
import { check as dataInternetRoute } from './data-internet-route';
import { check as databasePublicAccess } from './database-public-access';
import { check as defaultOutboundAccess } from './default-outbound-access';
import { check as defaultRouteMissing } from './default-route-missing';
import { check as dnsBypassesFirewall } from './dns-bypasses-firewall';
import { check as dnsForwardedOutside } from './dns-forwarded-outside';
import { check as dnsLogsMissing } from './dns-logs-missing';
import { check as dnsPolicyOpen } from './dns-policy-open';
import { check as dnsProxyOff } from './dns-proxy-off';
import { check as endpointDnsNotLinkedToHub } from './endpoint-dns-not-linked-to-hub';
import { check as endpointGroupOpen } from './endpoint-group-open';
import { check as endpointNetworkPoliciesOff } from './endpoint-network-policies-off';
import { check as endpointOfAnotherParty } from './endpoint-of-another-party';
import { check as endpointPolicyFullAccess } from './endpoint-policy-full-access';
import { check as endpointPrivateDnsOff } from './endpoint-private-dns-off';
import { check as endpointReachTooWide } from './endpoint-reach-too-wide';
import { check as endpointUnreachable } from './endpoint-unreachable';
import { check as expiredHost } from './expired-host';
import { check as firewallDefaultPass } from './firewall-default-pass';
import { check as firewallDnat } from './firewall-dnat';
import { check as firewallInspectionOff } from './firewall-inspection-off';
import { check as firewallLogsMissing } from './firewall-logs-missing';
import { check as firewallRouteMissing } from './firewall-route-missing';
import { check as flowLogsMissing } from './flow-logs-missing';
import { check as foreignPeering } from './foreign-peering';
import { check as groupCountersMissing } from './group-counters-missing';
import { check as handedOutByRole } from './handed-out-by-role';
import { check as healthProbeTooWide } from './health-probe-too-wide';
import { check as hostAnsweredHere } from './host-answered-here';
import { check as internetIngressOnPrivateSegment } from './internet-ingress-on-private-segment';
import { check as internetRouteBypassesFirewall } from './internet-route-bypasses-firewall';
import { check as ipv6EgressOpen } from './ipv6-egress-open';
import { check as keyVaultPublicAccess } from './key-vault-public-access';
import { check as kubernetesEndpointsIncomplete } from './kubernetes-endpoints-incomplete';
import { check as logRecordsDeletable } from './log-records-deletable';
import { check as logRetentionShort } from './log-retention-short';
import { check as logSinkElsewhere } from './log-sink-elsewhere';
import { check as managedServiceEgress } from './managed-service-egress';
import { check as metadataOpen } from './metadata-open';
import { check as natForAllSubnets } from './nat-for-all-subnets';
import { check as networkRuleDefeatsApplicationRules } from './network-rule-defeats-application-rules';
import { check as nsgFinalDenyMissing } from './nsg-final-deny-missing';
import { check as nsgMissing } from './nsg-missing';
import { check as openEgress } from './open-egress';
import { check as ownerlessHost } from './ownerless-host';
import { check as peeringGatewayTransit } from './peering-gateway-transit';
import { check as peeringMissing } from './peering-missing';
import { check as peeringSkipsInspection } from './peering-skips-inspection';
import { check as perimeterOpen } from './perimeter-open';
import { check as planAndPolicyDisagree } from './plan-and-policy-disagree';
import { check as platformDnsOpen } from './platform-dns-open';
import { check as policyUnassociated } from './policy-unassociated';
import { check as protectionOff } from './protection-off';
import { check as publicAddressOnWorkload } from './public-address-on-workload';
import { check as publicSuffixHost } from './public-suffix-host';
import { check as publishedServiceOpen } from './published-service-open';
import { check as resolverReachTooWide } from './resolver-reach-too-wide';
import { check as resolverUnreachable } from './resolver-unreachable';
import { check as routeTableMissing } from './route-table-missing';
import { check as segmentReachOneSided } from './segment-reach-one-sided';
import { check as segmentReachTooWide } from './segment-reach-too-wide';
import { check as serviceEndpointRoute } from './service-endpoint-route';
import { check as servicePublicAccess } from './service-public-access';
import { check as storagePublicAccess } from './storage-public-access';
import { check as storageTransportWeak } from './storage-transport-weak';
import { check as subscriptionNotPinned } from './subscription-not-pinned';
import { check as threatIntelOff } from './threat-intel-off';
import { check as wayOutElsewhere } from './way-out-elsewhere';
import { check as wideFirewallRule } from './wide-firewall-rule';
import { check as wideGroupEgress } from './wide-group-egress';
import { check as wideGroupIngress } from './wide-group-ingress';
import { check as wildcardHost } from './wildcard-host';
import { check as workspacePublicAccess } from './workspace-public-access';

export const azureChecks: readonly AzureCheck[] = [
  adminRuleOverridesGroups,
  aksApiPublic,
  aksCommandInvoke,
  aksControlOff,
  aksOutboundType,
  appEgressNotRouted,
  bgpPropagationOn,
  classicRulesIgnored,
  dataInternetRoute,
  databasePublicAccess,
  defaultOutboundAccess,
  defaultRouteMissing,
  dnsBypassesFirewall,
  dnsForwardedOutside,
  dnsLogsMissing,
  dnsPolicyOpen,
  dnsProxyOff,
  endpointDnsNotLinkedToHub,
  endpointGroupOpen,
  endpointNetworkPoliciesOff,
  endpointOfAnotherParty,
  endpointPolicyFullAccess,
  endpointPrivateDnsOff,
  endpointReachTooWide,
  endpointUnreachable,
  expiredHost,
  firewallDefaultPass,
  firewallDnat,
  firewallInspectionOff,
  firewallLogsMissing,
  firewallRouteMissing,
  flowLogsMissing,
  foreignPeering,
  groupCountersMissing,
  handedOutByRole,
  healthProbeTooWide,
  hostAnsweredHere,
  internetIngressOnPrivateSegment,
  internetRouteBypassesFirewall,
  ipv6EgressOpen,
  keyVaultPublicAccess,
  kubernetesEndpointsIncomplete,
  logRecordsDeletable,
  logRetentionShort,
  logSinkElsewhere,
  managedServiceEgress,
  metadataOpen,
  natForAllSubnets,
  networkRuleDefeatsApplicationRules,
  nsgFinalDenyMissing,
  nsgMissing,
  openEgress,
  ownerlessHost,
  peeringGatewayTransit,
  peeringMissing,
  peeringSkipsInspection,
  perimeterOpen,
  planAndPolicyDisagree,
  platformDnsOpen,
  policyUnassociated,
  protectionOff,
  publicAddressOnWorkload,
  publicSuffixHost,
  publishedServiceOpen,
  resolverReachTooWide,
  resolverUnreachable,
  routeTableMissing,
  segmentReachOneSided,
  segmentReachTooWide,
  serviceEndpointRoute,
  servicePublicAccess,
  storagePublicAccess,
  storageTransportWeak,
  subscriptionNotPinned,
  threatIntelOff,
  wayOutElsewhere,
  wideFirewallRule,
  wideGroupEgress,
  wideGroupIngress,
  wildcardHost,
  workspacePublicAccess,
];
