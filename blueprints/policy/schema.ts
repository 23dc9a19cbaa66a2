/**
 * The shape of `egress.yaml`: what is written where, in words for editors and checks for the loader.
 *
 * Only what can be said of one field alone is here; how fields, rules and environments fit
 * together is checked in `check-*.ts`. Nothing is changed on the way: defaults are `canonical.ts`'s.
 */
import * as z from 'zod';
import { awsEnvironmentSchema } from './aws-environment';
import { azureEnvironmentSchema } from './azure-environment';
import { blockField, dateField, filled, formatted, hostField, named, portField, prose, regionField, text } from './fields';
import { googleEnvironmentSchema } from './google-environment';
import { CLOUDS, NEUTRAL_SERVICES } from './model';
import { ENVIRONMENT_NAME, ORGANIZATION_NAME, SEGMENT_NAME } from './names';
import { podsSchema } from './pods-schema';
import type { Finding } from './problems';
import { neutralName } from './service-names';

const list = <T extends z.ZodType>(item: T, description: string) => z.array(item).meta({ description });

const allowRule = z
  .strictObject({
    host: hostField("A host on the internet: its exact name, or '*.' and a domain for every subdomain (never the domain itself)."),
    wildcard: prose("Why a wildcard is needed. Required for '*.' hosts, and only for them.").optional(),
    from: filled(z.string(), 'The private segments that may reach the host.'),
    ports: filled(portField('A port from 1 to 65535.', false), 'Default: [443] for tls, [80] for http; tcp must say.').optional(),
    protocol: z
      .enum(['tls', 'http', 'tcp'])
      .meta({ description: 'How the host is recognised: tls by server name (default), http by Host header, tcp by addresses.' })
      .optional(),
    addresses: filled(
      blockField('A public IPv4 address, or a block of at most a /24.', true),
      'Where the host is, for tcp: no name travels on the wire. Required for tcp, and only for it.',
    ).optional(),
    clouds: filled(z.enum(CLOUDS as readonly ['aws', 'google', 'azure']), 'The clouds that the rule holds for. Default: all.').optional(),
    environments: filled(z.string(), 'The environments that the rule holds in, by name. Default: all.').optional(),
    owner: prose('Who answers for the rule.'),
    reason: prose('What the host is needed for.'),
    expires: dateField('Last day on which the rule holds, YYYY-MM-DD. Default: no end.').optional(),
  })
  .meta({
    description: 'One line of the allowlist.',
    // What the loader checks as well; here so that an editor says it while it is typed.
    allOf: [
      {
        if: { properties: { host: { type: 'string', pattern: '^\\*' } }, required: ['host'] },
        then: { required: ['wildcard'] },
        else: { properties: { wildcard: false } },
      },
      {
        if: { properties: { protocol: { const: 'tcp' } }, required: ['protocol'] },
        then: { required: ['addresses', 'ports'] },
        else: { properties: { addresses: false } },
      },
    ],
  });

const acceptRule = z
  .strictObject({
    from: z.string().meta({ description: "A segment's name; 'internet' for public segments only." }),
    ports: filled(portField('A port, or a range in quotes: "8000-8100".', true), 'The ports that the caller may use.'),
    protocol: z.enum(['tcp', 'udp']).meta({ description: 'Default: tcp.' }).optional(),
  })
  .meta({ description: 'A caller, and what it may call.' });

const segment = z
  .strictObject({
    name: named('What the segment is called, everywhere.', SEGMENT_NAME),
    tier: z
      .enum(['public', 'private', 'data'])
      .meta({ description: 'public: may accept the internet, reaches no host. private: may be granted hosts. data: never has a way to the internet.' }),
    accepts: list(acceptRule, 'Who may call the segment. Default: nobody.').optional(),
    pods: podsSchema.optional(),
  })
  .meta({ description: 'Workloads that are treated alike: one network zone in every cloud.' });

const privateService = text(
  `A service reached over a private endpoint: ${NEUTRAL_SERVICES.join(', ')}; or a cloud's own, as aws:rds-data.`,
  (value): Finding | undefined =>
    /^[a-z]+(-[a-z]+)*$/.test(value) || /^(aws|google|azure):[a-zA-Z][a-zA-Z0-9._-]{0,62}$/.test(value)
      ? undefined
      : {
        code: 'bad-service',
        message: 'is not the name of a service',
        fix: `${neutralName(value) === undefined ? '' : `did you mean '${neutralName(value)}'? `}write one of ${NEUTRAL_SERVICES.join(', ')}; or a cloud's own, such as aws:rds-data`,
      },
  { anyOf: [{ enum: [...NEUTRAL_SERVICES] }, { pattern: '^(aws|google|azure):' }] },
);

const environment = z
  .strictObject({
    name: named('The stage; part of the names of stacks.', ENVIRONMENT_NAME),
    deletionProtection: z
      .boolean()
      .meta({ description: 'Whether firewalls and logs refuse to be deleted, where the cloud can. Default: true. Say false, and deploy, before tearing down.' })
      .optional(),
    aws: awsEnvironmentSchema.optional(),
    google: googleEnvironmentSchema.optional(),
    azure: azureEnvironmentSchema.optional(),
  })
  .meta({ description: 'A stage, on one or more clouds.' });

const bucket = (description: string) => formatted(description, /^[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]$/, 'a bucket name', 'acme-terraform-state');

const state = z
  .strictObject({
    local: z.strictObject({}).meta({ description: 'A file beside the output folder: for one person trying it out.' }).optional(),
    s3: z
      .strictObject({
        bucket: bucket('The bucket.'),
        region: regionField('aws'),
        kmsKey: formatted('A KMS key to encrypt with: id, alias or ARN.', /^[A-Za-z0-9:/_-]{1,2048}$/, 'a KMS key', 'alias/terraform-state').optional(),
      })
      .meta({ description: 'An S3 bucket, locked with a lock file in it.' })
      .optional(),
    gcs: z
      .strictObject({
        bucket: bucket('The bucket.'),
        prefix: formatted('A folder in the bucket.', /^[A-Za-z0-9._/-]{1,512}$/, 'a prefix', 'network').optional(),
      })
      .meta({ description: 'A Google Cloud Storage bucket.' })
      .optional(),
    azurerm: z
      .strictObject({
        resourceGroup: formatted('The resource group.', /^[A-Za-z0-9._()-]{1,89}[A-Za-z0-9_()-]$|^[A-Za-z0-9_()-]$/, 'a resource group', 'terraform-state'),
        storageAccount: formatted('The storage account.', /^[a-z0-9]{3,24}$/, 'a storage account', 'acmetfstate'),
        container: formatted('The blob container.', /^[a-z0-9](-?[a-z0-9]){2,62}$/, 'a container', 'tfstate'),
      })
      .meta({ description: 'An Azure storage account.' })
      .optional(),
    cloud: z
      .strictObject({
        organization: formatted('The organization.', /^[A-Za-z0-9_-]{3,40}$/, 'an organization', 'acme'),
        hostname: formatted('The host. Default: app.terraform.io.', /^[a-z0-9-]+(\.[a-z0-9-]+)+$/, 'a host name', 'app.terraform.io').optional(),
      })
      .meta({ description: 'HCP Terraform or Terraform Enterprise.' })
      .optional(),
  })
  .meta({ description: 'Where Terraform keeps its state: one of these. Default: local.', minProperties: 1, maxProperties: 1 });

/** The whole file. */
export const policySchema = z
  .strictObject({
    organization: named('Whose networks these are; prefix of the names of resources.', ORGANIZATION_NAME),
    allow: list(allowRule, 'The hosts that may be reached; everything else is unreachable. Default: none.').optional(),
    segments: filled(segment, 'How the network is cut; at most 60.'),
    privateServices: list(privateService, 'Cloud services that are reached without the internet. Default: none.').optional(),
    environments: filled(environment, 'Where the network is built.'),
    state: state.optional(),
  })
  .meta({ title: 'egress policy', description: 'Who may talk to whom, and which hosts may be reached.' });

/** What a file holds once the schema accepts it. */
export type PolicyInput = z.infer<typeof policySchema>;
/** One entry of `allow`. */
export type AllowInput = NonNullable<PolicyInput['allow']>[number];
/** One entry of `segments`. */
export type SegmentInput = PolicyInput['segments'][number];
/** One entry of `environments`. */
export type EnvironmentInput = PolicyInput['environments'][number];
