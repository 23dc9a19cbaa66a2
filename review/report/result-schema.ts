/** The shape of the JSON report, to check it with and to publish as `docs/review.schema.json`. */
import * as z from 'zod';
import type { AllowedHost } from '../model/network-model';
import type { Step } from '../paths/trace';
import { RESULT_VERSION, SEVERITIES, type Finding, type PlaceVerdict, type ReviewResult } from '../result';
import { VERDICTS } from './words';

const list = <T extends z.ZodType>(item: T) => z.array(item);
const family = z.union([z.literal(4), z.literal(6)]).describe('IP version.');
const cloud = z.enum(['aws', 'google', 'azure', 'kubernetes']);
const tier = z.enum(['public', 'private', 'data']);
const hopKind = z.enum([
  'workload', 'group', 'acl', 'subnet', 'route', 'firewall', 'proxy', 'nat', 'gateway',
  'endpoint', 'peering', 'transit', 'network-policy', 'provider-default', 'internet',
]);
const verdictKind = z.enum(VERDICTS).describe('open: something gets out with no control by host name; unknown: the plan does not say enough; allowlisted: only listed hosts; none: nothing gets out.');
const address = z.string().describe('A Terraform address.');

const step = z.object({
  address,
  kind: hopKind,
  label: z.string().optional(),
}).meta({ id: 'Step', description: 'One hop of a path.' }) satisfies z.ZodType<Step>;

const allowedHost = z.object({
  host: z.string().describe('`api.stripe.com`, `*.docker.io` (subdomains only), `.docker.io` (apex and subdomains).'),
  protocol: z.enum(['tls', 'http', 'any']),
  ports: list(z.int().min(0).max(65535)).describe('Sorted; empty means every port.'),
  addresses: list(z.string()).optional().describe('CIDRs: to these addresses alone. Absent where it is half of the internet or more.'),
  except: list(z.string()).optional().describe('Names that `host` stands for too, and that are refused before the rest is let through.'),
  rule: z.string().describe('The Terraform address of the rule.'),
}).meta({ id: 'AllowedHost', description: 'One name that a firewall lets through.' }) satisfies z.ZodType<AllowedHost>;

const placeVerdict = z.object({
  input: z.string(),
  place: z.string().describe('The address of the workload or subnet, with `+ group` where groups stand in.'),
  cloud,
  kind: z.enum(['workload', 'subnet']),
  segment: z.string().optional(),
  tier: tier.optional(),
  network: z.string().optional(),
  zone: z.string().optional(),
  cidrs: list(z.string()),
  family,
  hypothetical: z.boolean().describe('True when no workload in the plan is known to be like this.'),
  verdict: verdictKind,
  hosts: list(allowedHost),
  witness: list(step).optional().describe('The way out, or the way to where sight is lost.'),
  openTraffic: list(z.string()).optional().describe('What gets out unguarded, in words.'),
  blocker: z.object({ path: list(step), reason: z.string() }).optional().describe('Where the packet that gets furthest is stopped.'),
  reasons: list(z.string()).describe('What the plan does not say.'),
}).meta({ id: 'PlaceVerdict', description: 'What one place can reach on the internet in one address family.' }) satisfies z.ZodType<PlaceVerdict>;

const findingFields = {
  rule: z.string().describe("The check's id; see docs/checks.md."),
  severity: z.enum(SEVERITIES),
  confidence: z.enum(['certain', 'likely', 'possible']),
  input: z.string(),
  address: address.describe('The Terraform address that has to change.'),
  segment: z.string().optional(),
  message: z.string(),
  fix: z.string(),
  witness: list(step).optional().describe('The path that proves it.'),
  source: z.object({ stack: z.string().optional(), constructPath: z.string().optional() }).optional(),
  fingerprint: z.string().describe('The same in every run and on every machine.'),
  digest: z.string().optional().describe('Of what the message tells in part, as the first of many: the same for the same.'),
  baselineState: z.enum(['new', 'unchanged', 'updated']).optional().describe('As in SARIF; updated: there before, and milder now. Absent where nothing was compared.'),
  was: z.object({ severity: z.enum(SEVERITIES).optional(), confidence: z.enum(['certain', 'likely', 'possible']).optional(), message: z.string().optional() }).optional()
    .describe('What the same check said of the same address before, as far as it differs.'),
  anotherThing: list(z.string()).optional().describe('What has the address now is another thing than before, or stands elsewhere: the attributes that say so.'),
};
const finding = z.object(findingFields).meta({ id: 'Finding', description: 'One thing to fix.' }) satisfies z.ZodType<Finding>;
const suppressed = z.object({ ...findingFields, statement: z.string(), expires: z.string().describe('YYYY-MM-DD.'), owner: z.string().optional() })
  .meta({ id: 'SuppressedFinding', description: 'A finding that somebody accepted, with why and until when.' });

const absent = z.object({ rule: z.string(), severity: z.enum(SEVERITIES), confidence: z.enum(['certain', 'likely', 'possible']), input: z.string(), address, segment: z.string().optional(), message: z.string() })
  .meta({ id: 'AbsentFinding', description: 'A finding of before that is none any more.' });

const diff = z.object({
  reach: list(z.object({
    change: z.enum(['opened', 'closed', 'perhaps-closed', 'became-open', 'became-guarded', 'became-unknown', 'became-known']),
    input: z.string(),
    who: z.string().describe('The segment, or a place that belongs to none.'),
    what: z.string(),
    family,
    traffic: list(z.string()).optional().describe('Of became-open with anything: what gets out, in words.'),
    path: list(step).optional(),
    places: list(z.string()).optional().describe('Which places of the segment.'),
    more: z.int().min(1).optional().describe('How many more places.'),
    others: z.int().min(1).optional().describe('How many other places of the segment were open before (or unknown, or reached the host), or still are where something closes.'),
    reasons: list(z.string()).optional().describe('Of became-unknown and perhaps-closed: what the plan does not say, as far as that is new.'),
    owner: z.string().optional(),
    reason: z.string().optional(),
  })),
  ways: list(z.object({
    change: z.enum(['added', 'removed', 'changed']),
    input: z.string(),
    kind: z.enum([...hopKind.options, 'public-address']),
    address,
    settings: list(z.object({ setting: z.string(), was: list(z.string()), is: list(z.string()) })).optional()
      .describe('Of changed: where it stands, whom it serves, as whom, or where it leads, before and after.'),
  })),
  endpoints: list(z.object({
    change: z.enum(['added', 'removed', 'opened', 'closed', 'reached', 'unreached']),
    input: z.string(),
    address,
    label: z.string(),
    serves: z.enum(['own', 'anybody', 'another', 'unknown']).describe('Whose things answer behind it: own ones or those that its policy names, everybody\'s, those of somebody else, or the plan does not tell.'),
    why: z.string(),
    who: list(z.string()).describe('Who reaches it; of reached and unreached, who began or ceased to.'),
    more: z.int().min(1).optional().describe('How many more do.'),
    names: list(z.string()).optional().describe('What its policy names; of opened and closed, what it gained or lost.'),
    wayOut: z.boolean().describe('Whether it opens a way to what is not one\'s own.'),
  })).optional().describe('Private endpoints.'),
  connections: list(z.object({ change: z.enum(['opened', 'closed']), input: z.string(), from: z.string(), to: z.string(), port: z.string(), internet: z.boolean() })).optional().describe('Inside of clusters.'),
  renames: list(z.object({ input: z.string(), from: address, to: address })).optional().describe('What opens something, or has a new finding, and is like something that goes in all but its name.'),
}).meta({ id: 'EgressDiff', description: 'What a change opens and closes.' });

const topology = z.object({
  nodes: list(z.object({
    id: z.string(),
    kind: z.enum([...hopKind.options, 'place']),
    address: address.optional(),
    label: z.string(),
    input: z.string(),
    cloud: cloud.optional(),
    zone: z.string().optional(),
    segment: z.string().optional(),
    tier: tier.optional(),
    verdict: verdictKind.optional(),
    members: z.int().min(2).optional().describe('Of a group of private endpoints that the same places reach: how many. Private edges lead on to each.'),
  })),
  edges: list(z.object({ from: z.string(), to: z.string(), kind: z.enum(['open', 'guarded', 'blocked', 'unknown', 'private']) })),
}).meta({ id: 'Topology', description: 'The network as it is drawn. The kind of an edge is the kind of the whole way that it is part of; a private one joins a place with an endpoint that it reaches without the internet, or with a group of them.' });

const inputFile = {
  name: z.string(),
  kind: z.enum(['plan', 'state', 'synthesized']),
  resources: z.int().min(0),
  terraformVersion: z.string().optional(),
};

/** Of a `ReviewResult`. The compiler holds it to the interface; unknown fields are let through, as new ones raise no version. */
export const resultSchema = z.object({
  version: z.literal(RESULT_VERSION).describe('Rises when a field changes its meaning or goes.'),
  inputs: list(z.object({
    ...inputFile,
    together: list(z.object({ ...inputFile, prefix: z.string() })).optional().describe('The files of one network (--together), with what the addresses of their resources begin with. Absent for one file.'),
    warnings: list(z.string()),
    comparedWith: z.string().optional().describe('What its findings are compared with. Absent where nobody knows what was before.'),
  })),
  verdicts: list(placeVerdict),
  connections: list(z.object({ input: z.string(), from: z.string(), to: z.string(), ports: list(z.string()), internet: z.boolean(), by: z.enum(['address', 'name', 'unknown']).optional().describe('Of those to the internet: how the other side is told.') })).optional().describe('Who may talk to whom inside of clusters.'),
  pods: list(z.object({ input: z.string(), pods: z.string(), address, egress: verdictKind, reached: list(z.string()), reasons: list(z.string()) })).optional()
    .describe('What their policies let pods reach on the internet: the network decides as well, and no verdict is built on this.'),
  findings: list(finding),
  suppressed: list(suppressed),
  absent: list(absent).optional().describe('What was found before and is not any more; present when findings were compared.'),
  diff: diff.optional().describe('Present when there was something to compare with.'),
  notices: list(z.string()),
  topology,
}) satisfies z.ZodType<ReviewResult>;

/** The text of `docs/review.schema.json`: JSON Schema, draft 2020-12. */
export function resultJsonSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(resultSchema, { io: 'input' });
  return `${JSON.stringify({ $schema, title: 'Result of an egress review', ...schema }, null, 2)}\n`;
}
