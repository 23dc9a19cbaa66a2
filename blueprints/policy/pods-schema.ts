/** `segments[].pods` and `environments[].<cloud>.cluster` as they are written. */
import * as z from 'zod';
import { blockField, filled, formatted, named, portField, prose, text } from './fields';
import { NAMESPACE_NAME, SEGMENT_NAME } from './names';
import { CNIS } from './pods';
import type { Finding } from './problems';

const list = <T extends z.ZodType>(item: T, description: string) => z.array(item).meta({ description });

/** https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set */
const LABEL_KEY = /^([a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?$/;
const LABEL_VALUE = /^([A-Za-z0-9]([A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)?$/;

/** Whether text can be the key of a label; zod leaves keys to `check-pods.ts`. */
export const isLabelKey = (key: string): boolean => LABEL_KEY.test(key);

const labels = (description: string) => z
  .record(z.string(), text('A value of a label.', (value): Finding | undefined => (LABEL_VALUE.test(value) ? undefined : {
    code: 'bad-label',
    message: 'is not the value of a label',
    fix: 'write at most 63 letters, digits, dots, hyphens and underscores, starting and ending with a letter or digit',
  })))
  .meta({ description });

const namespace = (description: string) => named(description, NAMESPACE_NAME);
const ports = filled(portField('A port, or a range in quotes: "8000-8100".', true), "The pods' own ports, not those of a Service.");
const protocol = z.enum(['tcp', 'udp']).meta({ description: 'Default: tcp.' }).optional();
const segmentName = z.string().meta({ description: "A segment's name." });

const caller = z
  .strictObject({
    segment: segmentName.optional(),
    pods: z.string().meta({ description: 'A group of pods: namespace/name.' }).optional(),
    namespace: namespace('A namespace.').optional(),
    labels: labels("With namespace, when it is not of this policy: the callers' labels.").optional(),
    cidr: blockField('A private IPv4 block.', true).optional(),
    internet: z.literal(true).meta({ description: 'Anybody on the internet; public segments only.' }).optional(),
  })
  .meta({ description: 'One of segment, pods, namespace, cidr, internet.', minProperties: 1 });

const callee = z
  .strictObject({
    segment: segmentName.optional(),
    namespace: namespace('A namespace that is not of this policy.').optional(),
    labels: labels('With namespace: the labels of what is called.').optional(),
    cidr: blockField('A private IPv4 block.', true).optional(),
    service: z.string().meta({ description: 'One of the privateServices.' }).optional(),
    apiServer: z.literal(true).meta({ description: "The cluster's API server." }).optional(),
  })
  .meta({ description: 'One of segment, namespace, cidr, service, apiServer. Calls between pods are said by the accepts of the pods that are called.', minProperties: 1 });

const pods = z
  .strictObject({
    name: named('What the pods are called.', SEGMENT_NAME),
    namespace: namespace("Their namespace. Default: the segment's name.").optional(),
    labels: labels('The labels that these pods have, and no other pods of the namespace.'),
    accepts: list(z.strictObject({ from: caller, ports, protocol }).meta({ description: 'A caller, and what it may call.' }), 'Who may call the pods. Default: nobody.').optional(),
    calls: list(
      z.strictObject({
        to: callee,
        ports: filled(portField('A port, or a range in quotes: "8000-8100".', true), 'Default: [443] for service and apiServer; others must say.').optional(),
        protocol,
      }).meta({ description: 'What the pods call.' }),
      'What the pods call besides pods of this policy, names and hosts. Default: nothing.',
    ).optional(),
    hosts: filled(z.string(), "Hosts on the internet that these pods may reach, as 'allow' writes them for the segment. Default: none.").optional(),
  })
  .meta({ description: 'Pods that are treated alike.' });

/** `segments[].pods`. */
export const podsSchema = filled(pods, 'The pods of the segment, when it has nodes of a Kubernetes cluster: its namespaces are closed but for this.');

const MACHINE = {
  aws: { pattern: /^[a-z0-9-]+\.[a-z0-9-]+$/, example: 'm7i.large' },
  google: { pattern: /^[a-z0-9]+(-[a-z0-9]+)+$/, example: 'e2-standard-4' },
  azure: { pattern: /^Standard_[A-Za-z0-9_]+$/, example: 'Standard_D4s_v5' },
} as const;

const count = (description: string) => z.int().min(1).max(1000).meta({ description });

/** `environments[].<cloud>.cluster`. */
export function clusterSchema<const C extends keyof typeof CNIS>(cloud: C) {
  return z
    .strictObject({
      name: formatted("The cluster's name. Default: organization-environment.", /^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/, 'the name of a cluster', 'acme-prod').optional(),
      cni: z.enum(CNIS[cloud]).meta({ description: `What enforces policies in the cluster: ${CNIS[cloud].join(' or ')}. The second one knows host names.` }),
      system: z.string().meta({ description: "The segment on whose nodes the cluster's own pods run (kube-dns, controllers)." }),
      dns: filled(blockField('An address.', true), 'Addresses that answer DNS besides kube-dns pods and 169.254.20.10: that of the kube-dns Service.').optional(),
      apiServer: blockField("Where pods reach the API server. Default: where the cloud puts it, see docs/kubernetes.md.", true).optional(),
      resourceGroup: (cloud === 'azure' ? prose('The resource group of the cluster. Default: its name.') : z.never().meta({ description: 'Azure only.' })).optional(),
      nodes: z
        .strictObject({
          machine: formatted('The machine type.', MACHINE[cloud].pattern, `a machine type of ${cloud}`, MACHINE[cloud].example),
          min: count('Fewest nodes of each segment. Default: 1.').optional(),
          max: count('Most nodes of each segment. Default: 3.').optional(),
          role: (cloud === 'aws'
            ? formatted("The ARN of the nodes' role; required.", /^arn:aws[a-z-]*:iam::\d{12}:role\/.{1,200}$/, 'the ARN of a role', 'arn:aws:iam::123456789012:role/acme-prod-nodes')
            : z.never().meta({ description: 'AWS only.' })).optional(),
        })
        .meta({ description: 'Nodes that the stack makes for each segment with pods. Default: none, the team makes its own.' })
        .optional(),
    })
    .meta({ description: 'An existing cluster in this network, whose namespaces the policy closes.' });
}

/** One entry of `segments[].pods`. */
export type PodsInput = z.infer<typeof pods>;
/** What `cluster` holds once the schema accepts it. */
export interface ClusterInput {
  readonly name?: string | undefined;
  readonly cni: (typeof CNIS)[keyof typeof CNIS][number];
  readonly system: string;
  readonly dns?: readonly string[] | undefined;
  readonly apiServer?: string | undefined;
  readonly resourceGroup?: string | undefined;
  readonly nodes?: { readonly machine: string; readonly min?: number | undefined; readonly max?: number | undefined; readonly role?: string | undefined } | undefined;
}
