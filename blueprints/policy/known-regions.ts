/**
 * The regions that the clouds listed in November 2026.
 *
 * They are here for typing errors: a region that is not listed is a warning and no error, because a new region
 * must not wait for this file. Left out: what belongs to no ordinary account (test and stage regions).
 *
 * - AWS: `partitions` of the AWS SDK for JavaScript, 3.1169.0; https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-regions.html
 * - Google Cloud: https://cloud.google.com/compute/docs/regions-zones
 * - Azure: https://learn.microsoft.com/azure/reliability/regions-list
 */
import type { CheckContext } from './check-context';
import type { Cloud } from './model';
import type { Path } from './problems';
import { nearest } from './suggest';

const listed = (text: string): readonly string[] => text.trim().split(/\s+/);

const REGIONS: Readonly<Record<Cloud, readonly string[]>> = {
  aws: listed(`
    af-south-1 ap-east-1 ap-east-2 ap-northeast-1 ap-northeast-2 ap-northeast-3 ap-south-1 ap-south-2 ap-southeast-1 ap-southeast-2
    ap-southeast-3 ap-southeast-4 ap-southeast-5 ap-southeast-6 ap-southeast-7 ca-central-1 ca-west-1 eu-central-1 eu-central-2 eu-north-1
    eu-south-1 eu-south-2 eu-west-1 eu-west-2 eu-west-3 il-central-1 me-central-1 me-south-1 me-west-1 mx-central-1 sa-east-1 sa-west-1
    us-east-1 us-east-2 us-west-1 us-west-2 cn-north-1 cn-northwest-1 us-gov-east-1 us-gov-west-1 eusc-de-east-1
    us-iso-east-1 us-iso-west-1 us-isob-east-1 us-isob-west-1 eu-isoe-west-1 us-isof-east-1 us-isof-south-1`),
  google: listed(`
    africa-south1 asia-east1 asia-east2 asia-northeast1 asia-northeast2 asia-northeast3 asia-south1 asia-south2 asia-southeast1
    asia-southeast2 asia-southeast3 australia-southeast1 australia-southeast2 europe-central2 europe-north1 europe-north2 europe-southwest1
    europe-west1 europe-west2 europe-west3 europe-west4 europe-west6 europe-west8 europe-west9 europe-west10 europe-west12
    me-central1 me-central2 me-west1 northamerica-northeast1 northamerica-northeast2 northamerica-south1 southamerica-east1
    southamerica-west1 us-central1 us-east1 us-east4 us-east5 us-south1 us-west1 us-west2 us-west3 us-west4`),
  azure: listed(`
    australiacentral australiacentral2 australiaeast australiasoutheast austriaeast belgiumcentral brazilsouth brazilsoutheast canadacentral
    canadaeast centralindia centralus chilecentral denmarkeast eastasia eastus eastus2 francecentral francesouth germanynorth germanywestcentral
    indonesiacentral israelcentral italynorth japaneast japanwest jioindiacentral jioindiawest koreacentral koreasouth malaysiawest mexicocentral
    newzealandnorth northcentralus northeurope norwayeast norwaywest polandcentral qatarcentral southafricanorth southafricawest southcentralus
    southeastasia southindia spaincentral swedencentral swedensouth switzerlandnorth switzerlandwest uaecentral uaenorth uksouth ukwest
    westcentralus westeurope westindia westus westus2 westus3
    chinaeast chinaeast2 chinaeast3 chinanorth chinanorth2 chinanorth3 usgovarizona usgovtexas usgovvirginia usdodcentral usdodeast`),
};

/** Regions of Azure in which nothing can be spread over zones; where that changes, only the warning is wrong. */
const WITHOUT_ZONES: ReadonlySet<string> = new Set(listed(`
  australiacentral australiacentral2 australiasoutheast brazilsoutheast canadaeast francesouth germanynorth jioindiacentral jioindiawest koreasouth
  norwaywest southafricawest southindia swedensouth switzerlandwest uaecentral ukwest westcentralus westindia westus
  chinaeast chinaeast2 chinanorth chinanorth2 usgovarizona usgovtexas usdodcentral usdodeast`));

/** Warns of a region that nobody knows: the cloud refuses it, but not before a deployment. */
export function checkRegion(cloud: Cloud, region: string | null, path: Path, context: CheckContext): void {
  if (region === null || REGIONS[cloud].includes(region)) return;
  const near = nearest(region, REGIONS[cloud]);
  context.warning(path, 'unknown-region', `was no region of ${cloud} in November 2026`, `${near ? `did you mean '${near}'? ` : ''}check it with your cloud; where it is a new one, all is well`, region);
}

/** Warns of zones in a region of Azure that has none. */
export function checkAzureZones(region: string | null, zones: readonly unknown[] | null | undefined, path: Path, context: CheckContext): void {
  if (region === null || !WITHOUT_ZONES.has(region) || zones === null || zones?.length === 0) return;
  context.warning(path, 'region-without-zones', 'had no zones in November 2026, and Azure refuses a firewall in zones there', "write 'zones: []', or another region", region);
}
