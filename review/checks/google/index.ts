/** Every check of Google Cloud, by id. */
import type { Check } from '../check';
import type { GoogleModel } from '../../model/google/google-model';
import { check as alternativeNameServers } from './alternative-name-servers';
import { check as autoSubnets } from './auto-subnets';
import { check as classicIngressAllow } from './classic-ingress-allow';
import { check as classicRulesFirst } from './classic-rules-first';
import { check as clusterEndpointPublic } from './cluster-endpoint-public';
import { check as dataCopiedElsewhere } from './data-copied-elsewhere';
import { check as dataGivenElsewhere } from './data-given-elsewhere';
import { check as dataInternetRoute } from './data-internet-route';
import { check as databasePublicAddress } from './database-public-address';
import { check as defaultNetworkUsed } from './default-network-used';
import { check as defaultRouteKept } from './default-route-kept';
import { check as dnsForwarding } from './dns-forwarding';
import { check as dnsLogsMissing } from './dns-logs-missing';
import { check as dnsVipMismatch } from './dns-vip-mismatch';
import { check as duplicatePriority } from './duplicate-priority';
import { check as endpointExternal } from './endpoint-external';
import { check as endpointName } from './endpoint-name';
import { check as endpointOfAnotherParty } from './endpoint-of-another-party';
import { check as endpointPrivateDnsOff } from './endpoint-private-dns-off';
import { check as endpointRuleWide } from './endpoint-rule-wide';
import { check as endpointServesAllApis } from './endpoint-serves-all-apis';
import { check as endpointZoneMissing } from './endpoint-zone-missing';
import { check as expiredHost } from './expired-host';
import { check as externalAddress } from './external-address';
import { check as externalAddressesAllowed } from './external-addresses-allowed';
import { check as firewallDefaultPass } from './firewall-default-pass';
import { check as firewallLogsMissing } from './firewall-logs-missing';
import { check as flowLogsMissing } from './flow-logs-missing';
import { check as flowLogsSampled } from './flow-logs-sampled';
import { check as foreignPeering } from './foreign-peering';
import { check as fqdnWildcard } from './fqdn-wildcard';
import { check as googleCallersEveryPort } from './google-callers-every-port';
import { check as hierarchicalPolicyAllow } from './hierarchical-policy-allow';
import { check as hostAnsweredHere } from './host-answered-here';
import { check as hostWithoutWayOut } from './host-without-way-out';
import { check as inspectionZoneMissing } from './inspection-zone-missing';
import { check as internetRouteUnknownTag } from './internet-route-unknown-tag';
import { check as internetRouteWithoutTag } from './internet-route-without-tag';
import { check as ipv6EgressOpen } from './ipv6-egress-open';
import { check as ipv6Subnet } from './ipv6-subnet';
import { check as kubernetesControlPlaneUnreachable } from './kubernetes-control-plane-unreachable';
import { check as kubernetesEndpointsIncomplete } from './kubernetes-endpoints-incomplete';
import { check as kubernetesWebhooksUnreachable } from './kubernetes-webhooks-unreachable';
import { check as lateDeny } from './late-deny';
import { check as logSinkElsewhere } from './log-sink-elsewhere';
import { check as logSinkIncomplete } from './log-sink-incomplete';
import { check as managedServiceEgress } from './managed-service-egress';
import { check as natAutomaticAddresses } from './nat-automatic-addresses';
import { check as natEndpointIndependentMapping } from './nat-endpoint-independent-mapping';
import { check as natForAllSubnets } from './nat-for-all-subnets';
import { check as natForSegmentWithoutHosts } from './nat-for-segment-without-hosts';
import { check as natLogsMissing } from './nat-logs-missing';
import { check as openEgress } from './open-egress';
import { check as ownerlessHost } from './ownerless-host';
import { check as packetsMirrored } from './packets-mirrored';
import { check as peeringImportsDefaultRoute } from './peering-imports-default-route';
import { check as perimeterDryRun } from './perimeter-dry-run';
import { check as perimeterOpen } from './perimeter-open';
import { check as planAndPolicyDisagree } from './plan-and-policy-disagree';
import { check as policyUnassociated } from './policy-unassociated';
import { check as privateGoogleAccessOff } from './private-google-access-off';
import { check as privateRuleEveryPort } from './private-rule-every-port';
import { check as proxyAnyHost } from './proxy-any-host';
import { check as proxyAnyPort } from './proxy-any-port';
import { check as proxyAnySource } from './proxy-any-source';
import { check as proxyOnlySubnetMissing } from './proxy-only-subnet-missing';
import { check as proxyRulesElsewhere } from './proxy-rules-elsewhere';
import { check as publicSuffixHost } from './public-suffix-host';
import { check as publishedServiceOpen } from './published-service-open';
import { check as ruleTargetsSeveralSegments } from './rule-targets-several-segments';
import { check as ruleWithoutTarget } from './rule-without-target';
import { check as segmentReachTooWide } from './segment-reach-too-wide';
import { check as segmentSidesDisagree } from './segment-sides-disagree';
import { check as segmentSubnetMissing } from './segment-subnet-missing';
import { check as segmentTagMissing } from './segment-tag-missing';
import { check as segmentTagNotSecure } from './segment-tag-not-secure';
import { check as segmentTagsOfSeveralKeys } from './segment-tags-of-several-keys';
import { check as serialConsoleOpen } from './serial-console-open';
import { check as serverlessEgressOutsideNetwork } from './serverless-egress-outside-network';
import { check as serviceNetworkInternetRoute } from './service-network-internet-route';
import { check as subnetOfNoSegment } from './subnet-of-no-segment';
import { check as subnetRoleWide } from './subnet-role-wide';
import { check as unexpectedIngress } from './unexpected-ingress';
import { check as unexpectedNextHop } from './unexpected-next-hop';
import { check as unknownTag } from './unknown-tag';
import { check as verdictUnknown } from './verdict-unknown';
import { check as wayOutBeforeDeny } from './way-out-before-deny';
import { check as wayOutElsewhere } from './way-out-elsewhere';
import { check as wideFirewallRule } from './wide-firewall-rule';
import { check as wideIngress } from './wide-ingress';
import { check as wildcardHost } from './wildcard-host';

export const googleChecks: readonly Check<GoogleModel>[] = [
  alternativeNameServers,
  autoSubnets,
  classicIngressAllow,
  classicRulesFirst,
  clusterEndpointPublic,
  dataCopiedElsewhere,
  dataGivenElsewhere,
  dataInternetRoute,
  databasePublicAddress,
  defaultNetworkUsed,
  defaultRouteKept,
  dnsForwarding,
  dnsLogsMissing,
  dnsVipMismatch,
  duplicatePriority,
  endpointExternal,
  endpointName,
  endpointOfAnotherParty,
  endpointPrivateDnsOff,
  endpointRuleWide,
  endpointServesAllApis,
  endpointZoneMissing,
  expiredHost,
  externalAddress,
  externalAddressesAllowed,
  firewallDefaultPass,
  firewallLogsMissing,
  flowLogsMissing,
  flowLogsSampled,
  foreignPeering,
  fqdnWildcard,
  googleCallersEveryPort,
  hierarchicalPolicyAllow,
  hostAnsweredHere,
  hostWithoutWayOut,
  inspectionZoneMissing,
  internetRouteUnknownTag,
  internetRouteWithoutTag,
  ipv6EgressOpen,
  ipv6Subnet,
  kubernetesControlPlaneUnreachable,
  kubernetesEndpointsIncomplete,
  kubernetesWebhooksUnreachable,
  lateDeny,
  logSinkElsewhere,
  logSinkIncomplete,
  managedServiceEgress,
  natAutomaticAddresses,
  natEndpointIndependentMapping,
  natForAllSubnets,
  natForSegmentWithoutHosts,
  natLogsMissing,
  openEgress,
  ownerlessHost,
  packetsMirrored,
  peeringImportsDefaultRoute,
  perimeterDryRun,
  perimeterOpen,
  planAndPolicyDisagree,
  policyUnassociated,
  privateGoogleAccessOff,
  privateRuleEveryPort,
  proxyAnyHost,
  proxyAnyPort,
  proxyAnySource,
  proxyOnlySubnetMissing,
  proxyRulesElsewhere,
  publicSuffixHost,
  publishedServiceOpen,
  ruleTargetsSeveralSegments,
  ruleWithoutTarget,
  segmentReachTooWide,
  segmentSidesDisagree,
  segmentSubnetMissing,
  segmentTagMissing,
  segmentTagNotSecure,
  segmentTagsOfSeveralKeys,
  serialConsoleOpen,
  serverlessEgressOutsideNetwork,
  serviceNetworkInternetRoute,
  subnetOfNoSegment,
  subnetRoleWide,
  unexpectedIngress,
  unexpectedNextHop,
  unknownTag,
  verdictUnknown,
  wayOutBeforeDeny,
  wayOutElsewhere,
  wideFirewallRule,
  wideIngress,
  wildcardHost,
];
