/** The options of `environments[].google` as they are written. */
import * as z from 'zod';
import { addressField, blockField, filled, formatted, named, portField, wholeNumber } from './fields';
import { GOOGLE_CALLERS, THREAT_LISTS } from './google-model';
import { SEGMENT_NAME } from './names';

const segmentName = named('A segment.', SEGMENT_NAME);
const port = portField('A port.', false);
const shortName = named('A name of its own.', SEGMENT_NAME);
const projectId = /^([a-z0-9.-]+:)?[a-z][a-z0-9-]{4,28}[a-z0-9]$/;
const api = formatted('An API.', /^[a-z][a-z0-9-]*\.googleapis\.com$/, 'the name of an API', 'bigquery.googleapis.com');

/** The project id of an environment, and of service projects. */
export const projectField = (description: string) => formatted(description, projectId, 'a project id', 'acme-prod');

const deny = z
  .strictObject({
    threatLists: filled(z.enum(THREAT_LISTS), "Google's lists of dangerous addresses.").optional(),
    countries: filled(formatted('A country.', /^[A-Z]{2}$/, 'a country code of two capital letters', 'KP'), 'Countries, by ISO 3166 code.').optional(),
  })
  .meta({ description: 'Destinations that stay denied, even where an allowed name leads there. Default: none.' });

const secureWebProxy = z
  .strictObject({
    segments: filled(segmentName, 'Private segments that reach their hosts through the proxy. They get no default route and no NAT.'),
    certificate: formatted(
      'The regional certificate that the proxy shows its clients.',
      /^projects\/[^/\s]+\/locations\/[^/\s]+\/certificates\/[^/\s]+$/,
      'the name of a certificate of Certificate Manager',
      'projects/acme-prod/locations/europe-west1/certificates/egress-proxy',
    ),
    port: portField('The port that clients call. Default: 443.', false).optional(),
  })
  .meta({ description: 'Hosts by name, with wildcards, through a Secure Web Proxy. Default: hosts by address, through Cloud NAT.' });

const nat = z
  .strictObject({
    addresses: filled(shortName, 'Names of the static public addresses; one that stays keeps its address. Default: [a, b].').optional(),
    dynamicPorts: z.boolean().meta({ description: 'Whether a machine gets more ports as it needs them. Default: true.' }).optional(),
    minPorts: wholeNumber('Ports that a machine has at least. Default: 64.', 32, 65536).optional(),
    maxPorts: wholeNumber('Ports that a machine has at most. Default: 4096.', 64, 65536).optional(),
  })
  .meta({ description: 'The public side of what leaves through Cloud NAT.' });

const publishedService = z
  .strictObject({
    name: shortName,
    attachment: formatted(
      'The service attachment of the producer.',
      /^projects\/[^/\s]+\/regions\/[^/\s]+\/serviceAttachments\/[^/\s]+$/,
      'the name of a service attachment',
      'projects/vendor/regions/europe-west1/serviceAttachments/billing',
    ),
    from: filled(segmentName, 'Segments that may call it.'),
    ports: filled(port, 'TCP ports.'),
    address: addressField('Its address in the block of the endpoints. Default: by its name. Example: 10.30.0.9').optional(),
  })
  .meta({ description: 'A service that somebody publishes over Private Service Connect.' });

const privateServicesAccess = z
  .strictObject({
    from: filled(segmentName, 'Segments that may call such services.'),
    ports: filled(port, 'TCP ports, such as 5432.'),
  })
  .meta({ description: 'Services in a network of Google, peered with this one (Cloud SQL, Memorystore), without that network\'s way to the internet. Default: none.' });

const perimeter = z
  .strictObject({
    accessPolicy: formatted("The number of the organization's access policy, in quotes.", /^\d{1,20}$/, 'a number', '123456789012'),
    enforced: z.boolean().meta({ description: 'false: violations are only recorded. There is no default: say which.' }),
    services: filled(api, 'APIs to restrict besides those of the private services.').optional(),
    accessLevels: filled(
      formatted('An access level.', /^accessPolicies\/\d+\/accessLevels\/\w+$/, 'an access level', 'accessPolicies/123456789012/accessLevels/deployers'),
      'Access levels that may come in from outside; whoever deploys needs one.',
    ).optional(),
  })
  .meta({ description: 'A VPC Service Controls perimeter around the project. Default: none.' });

const accept = z
  .strictObject({
    from: z.enum(GOOGLE_CALLERS).meta({ description: 'health-checks: of proxying load balancers. passthrough-health-checks: of passthrough ones. iap: Identity-Aware Proxy.' }),
    to: filled(segmentName, 'The segments that are called.'),
    ports: filled(portField('A TCP port, or a range in quotes.', true), 'TCP ports.'),
  })
  .meta({ description: "What of Google's own may call which segments." });

const sharedVpc = z
  .strictObject({
    serviceProjects: filled(projectField('A project.'), 'Projects that use the network.'),
    subnetUsers: z
      .record(z.string(), filled(
        formatted('A member.', /^(user|group|serviceAccount|principalSet|principal):\S+$/, 'a member', 'group:payments@acme.com'),
        'Who may put machines into the subnet.',
      ))
      .meta({ description: 'By segment.' })
      .optional(),
  })
  .meta({ description: "The environment's project as the host of a Shared VPC. Default: it uses its network alone." });

const network = z
  .strictObject({
    name: formatted('The name of the network.', /^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, 'the name of a network', 'corp-vpc'),
    dnsPolicy: z.boolean().meta({ description: "Whether this stack makes the network's DNS server policy, of which there is only one. Default: true." }).optional(),
  })
  .meta({ description: 'A network that is there already. Default: one is made.' });

const cluster = z
  .strictObject({
    segment: segmentName,
    pods: blockField('Secondary range of the pods. Example: 100.64.0.0/16'),
    services: blockField('Secondary range of the services. Example: 100.65.0.0/20'),
    controlPlane: blockField('The /28 of the control plane. Default: from the address plan.').optional(),
    webhookPorts: filled(port, 'Ports of admission webhooks. Default: [8443, 9443, 15017].').optional(),
  })
  .meta({ description: 'What a private GKE cluster in a segment needs.' });

const logs = z
  .strictObject({
    retentionDays: wholeNumber('How long records are kept.', 1, 3650),
    locked: z.boolean().meta({ description: 'Whether nobody can ever shorten that or delete the bucket. It cannot be undone. Default: false.' }).optional(),
  })
  .meta({ description: "A log bucket of the network's own. Default: the project's." });

/** The fields, to be put beside region, block and project. */
export const googleOptionFields = {
  serviceAccounts: z
    .record(z.string(), formatted('An account.', /^[a-z0-9-]+@[a-z0-9.:-]+\.gserviceaccount\.com$/, 'the address of a service account', 'payments@acme-prod.iam.gserviceaccount.com'))
    .meta({ description: 'By segment, the service account that its machines run as; all segments or none. Default: segments are told apart by secure tags.' })
    .optional(),
  ruleAttributeQuota: wholeNumber("How many rule attributes the project's quota leaves for this network's policy. Default: not checked.", 1, 10_000_000).optional(),
  deny: deny.optional(),
  secureWebProxy: secureWebProxy.optional(),
  nat: nat.optional(),
  denyExternalAddresses: z.boolean().meta({ description: 'Whether the project refuses machines with public addresses, by organization policy. Default: false.' }).optional(),
  apis: z.enum(['restricted', 'private-service-connect']).meta({ description: "Where Google's APIs are reached. Default: restricted, the restricted VIP." }).optional(),
  publishedServices: filled(publishedService, 'Services that others publish. Default: none.').optional(),
  privateServicesAccess: privateServicesAccess.optional(),
  perimeter: perimeter.optional(),
  accepts: filled(accept, "Health checks and sessions that segments accept. Default: none but those of 'accepts' and 'session-access'.").optional(),
  sharedVpc: sharedVpc.optional(),
  network: network.optional(),
  gke: filled(cluster, 'Segments with a private GKE cluster. Default: none.').optional(),
  logs: logs.optional(),
} as const;
