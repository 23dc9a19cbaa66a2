/** Every check of AWS, sorted by id. */
import type { AwsModel } from '../../model/aws/model';
import type { Check } from '../check';
import { check as aclBlocksGateway } from './acl-blocks-gateway';
import { check as aclOpenToInternet } from './acl-open-to-internet';
import { check as aclRepliesMissing } from './acl-replies-missing';
import { check as allowedTrafficUnlogged } from './allowed-traffic-unlogged';
import { check as asymmetricZoneRoute } from './asymmetric-zone-route';
import { check as clusterEndpointPublic } from './cluster-endpoint-public';
import { check as dataGivenElsewhere } from './data-given-elsewhere';
import { check as dataInternetRoute } from './data-internet-route';
import { check as defaultAclNotEmpty } from './default-acl-not-empty';
import { check as defaultGroupNotEmpty } from './default-group-not-empty';
import { check as defaultRouteTableNotEmpty } from './default-route-table-not-empty';
import { check as dnsEndpointBlocked } from './dns-endpoint-blocked';
import { check as dnsFailOpen } from './dns-fail-open';
import { check as dnsFilterBeforeRules } from './dns-filter-before-rules';
import { check as dnsHostNotInPolicy } from './dns-host-not-in-policy';
import { check as dnsHttpsAnswered } from './dns-https-answered';
import { check as dnsHttpsDeniesName } from './dns-https-denies-name';
import { check as dnsListDrifts } from './dns-list-drifts';
import { check as dnsListTooLong } from './dns-list-too-long';
import { check as dnsListUsedTwice } from './dns-list-used-twice';
import { check as dnsLogsMissing } from './dns-logs-missing';
import { check as dnsRedirectionTrusted } from './dns-redirection-trusted';
import { check as dnsServersElsewhere } from './dns-servers-elsewhere';
import { check as dnsUnfiltered } from './dns-unfiltered';
import { check as domainListLoose } from './domain-list-loose';
import { check as duplicateSignatureId } from './duplicate-signature-id';
import { check as endpointGroupOpen } from './endpoint-group-open';
import { check as endpointOfAnotherParty } from './endpoint-of-another-party';
import { check as endpointPolicyFullAccess } from './endpoint-policy-full-access';
import { check as endpointPrivateDnsOff } from './endpoint-private-dns-off';
import { check as endpointWritesElsewhere } from './endpoint-writes-elsewhere';
import { check as endpointZoneMissing } from './endpoint-zone-missing';
import { check as hostExpired } from './expired-host';
import { check as firewallDefaultMixed } from './firewall-default-mixed';
import { check as firewallDefaultPass } from './firewall-default-pass';
import { check as firewallDropSilent } from './firewall-drop-silent';
import { check as firewallFloorMissing } from './firewall-floor-missing';
import { check as firewallLogsMissing } from './firewall-logs-missing';
import { check as firewallOrderNotStrict } from './firewall-order-not-strict';
import { check as firewallStreamException } from './firewall-stream-exception';
import { check as firewallSubnetRoute } from './firewall-subnet-route';
import { check as firewallZoneMissing } from './firewall-zone-missing';
import { check as flowLogsMissing } from './flow-logs-missing';
import { check as gatewayRouteMissing } from './gateway-route-missing';
import { check as groupRulesUnmanaged } from './group-rules-unmanaged';
import { check as homeNetMissing } from './home-net-missing';
import { check as hostAnsweredHere } from './host-answered-here';
import { check as hostMissingInDns } from './host-missing-in-dns';
import { check as internetRouteBypassesFirewall } from './internet-route-bypasses-firewall';
import { check as ipv6EgressOpen } from './ipv6-egress-open';
import { check as keyNotRotated } from './key-not-rotated';
import { check as keyNotUsed } from './key-not-used';
import { check as keyPolicyOpen } from './key-policy-open';
import { check as kubernetesEndpointsIncomplete } from './kubernetes-endpoints-incomplete';
import { check as logBucketExposed } from './log-bucket-exposed';
import { check as logBucketOverwritten } from './log-bucket-overwritten';
import { check as logBucketOwner } from './log-bucket-owner';
import { check as logDeliveryRefused } from './log-delivery-refused';
import { check as logRecordsDeletable } from './log-records-deletable';
import { check as logRetentionShort } from './log-retention-short';
import { check as logSentElsewhere } from './log-sent-elsewhere';
import { check as managedServiceEgress } from './managed-service-egress';
import { check as metadataTokensOptional } from './metadata-tokens-optional';
import { check as missingReturnRoute } from './missing-return-route';
import { check as natForEverySubnet } from './nat-for-all-subnets';
import { check as natWithoutInternet } from './nat-without-internet';
import { check as openEgress } from './open-egress';
import { check as ownerlessHost } from './ownerless-host';
import { check as planAndPolicyDisagree } from './plan-and-policy-disagree';
import { check as policyOpenToOthers } from './policy-open-to-others';
import { check as policyUnassociated } from './policy-unassociated';
import { check as protectionOff } from './protection-off';
import { check as publicAccessExclusionWide } from './public-access-exclusion-wide';
import { check as publicAccessNotBlocked } from './public-access-not-blocked';
import { check as publicAddressOnLaunch } from './public-address-on-launch';
import { check as publicAddressOnWorkload } from './public-address-on-workload';
import { check as publicSuffixHost } from './public-suffix-host';
import { check as ruleGroupReplacedInPlace } from './rule-group-replaced-in-place';
import { check as ruleWithoutDescription } from './rule-without-description';
import { check as segmentReachTooWide } from './segment-reach-too-wide';
import { check as subnetWithoutAcl } from './subnet-without-acl';
import { check as tlsInspectedTrafficDropped } from './tls-inspected-traffic-dropped';
import { check as tlsInspectionAuthorityMissing } from './tls-inspection-authority-missing';
import { check as tlsInspectionRevocationOff } from './tls-inspection-revocation-off';
import { check as tlsInspectionScopeNarrow } from './tls-inspection-scope-narrow';
import { check as tlsInspectionScopeWide } from './tls-inspection-scope-wide';
import { check as tlsInspectionUnused } from './tls-inspection-unused';
import { check as transitApplianceModeOff } from './transit-appliance-mode-off';
import { check as transitFullMesh } from './transit-full-mesh';
import { check as transitRouteSkipsInspection } from './transit-route-skips-inspection';
import { check as uninspectedPath } from './uninspected-path';
import { check as wayOutElsewhere } from './way-out-elsewhere';
import { check as wideFirewallRule } from './wide-firewall-rule';
import { check as wideGroupEgress } from './wide-group-egress';
import { check as wideGroupIngress } from './wide-group-ingress';
import { check as wildcardHost } from './wildcard-host';

export const awsChecks: readonly Check<AwsModel>[] = [
  aclBlocksGateway,
  aclOpenToInternet,
  aclRepliesMissing,
  allowedTrafficUnlogged,
  asymmetricZoneRoute,
  clusterEndpointPublic,
  dataGivenElsewhere,
  dataInternetRoute,
  defaultAclNotEmpty,
  defaultGroupNotEmpty,
  defaultRouteTableNotEmpty,
  dnsEndpointBlocked,
  dnsFailOpen,
  dnsFilterBeforeRules,
  dnsHostNotInPolicy,
  dnsHttpsAnswered,
  dnsHttpsDeniesName,
  dnsListDrifts,
  dnsListTooLong,
  dnsListUsedTwice,
  dnsLogsMissing,
  dnsRedirectionTrusted,
  dnsServersElsewhere,
  dnsUnfiltered,
  domainListLoose,
  duplicateSignatureId,
  endpointGroupOpen,
  endpointOfAnotherParty,
  endpointPolicyFullAccess,
  endpointPrivateDnsOff,
  endpointWritesElsewhere,
  endpointZoneMissing,
  hostExpired,
  firewallDefaultMixed,
  firewallDefaultPass,
  firewallDropSilent,
  firewallFloorMissing,
  firewallLogsMissing,
  firewallOrderNotStrict,
  firewallStreamException,
  firewallSubnetRoute,
  firewallZoneMissing,
  flowLogsMissing,
  gatewayRouteMissing,
  groupRulesUnmanaged,
  homeNetMissing,
  hostAnsweredHere,
  hostMissingInDns,
  internetRouteBypassesFirewall,
  ipv6EgressOpen,
  keyNotRotated,
  keyNotUsed,
  keyPolicyOpen,
  kubernetesEndpointsIncomplete,
  logBucketExposed,
  logBucketOverwritten,
  logBucketOwner,
  logDeliveryRefused,
  logRecordsDeletable,
  logRetentionShort,
  logSentElsewhere,
  managedServiceEgress,
  metadataTokensOptional,
  missingReturnRoute,
  natForEverySubnet,
  natWithoutInternet,
  openEgress,
  ownerlessHost,
  planAndPolicyDisagree,
  policyOpenToOthers,
  policyUnassociated,
  protectionOff,
  publicAccessExclusionWide,
  publicAccessNotBlocked,
  publicAddressOnLaunch,
  publicAddressOnWorkload,
  publicSuffixHost,
  ruleGroupReplacedInPlace,
  ruleWithoutDescription,
  segmentReachTooWide,
  subnetWithoutAcl,
  tlsInspectedTrafficDropped,
  tlsInspectionAuthorityMissing,
  tlsInspectionRevocationOff,
  tlsInspectionScopeNarrow,
  tlsInspectionScopeWide,
  tlsInspectionUnused,
  transitApplianceModeOff,
  transitFullMesh,
  transitRouteSkipsInspection,
  uninspectedPath,
  wayOutElsewhere,
  wideFirewallRule,
  wideGroupEgress,
  wideGroupIngress,
  wildcardHost,
];
