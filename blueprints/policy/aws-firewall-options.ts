/** What a team may choose about its firewall on AWS: fields, checks, canonical form. */
import * as z from 'zod';
import { repeated, type CheckContext } from './check-context';
import { filled, formatted, mixed } from './fields';
import type { AwsFirewallOptions } from './model';
import type { Finding, Path } from './problems';
import { uniqueSorted } from './rules';
import type { Sound } from './schema-findings';

/** https://docs.aws.amazon.com/network-firewall/latest/APIReference/API_FlowTimeouts.html */
const IDLE = { least: 60, most: 6000 } as const;

const idleSeconds = mixed<number>(
  `Seconds of silence after which the firewall forgets a TCP connection, ${IDLE.least}-${IDLE.most}. Default: 350, as the NAT gateway.`,
  (value): Finding | undefined => (Number.isInteger(value) && (value as number) >= IDLE.least && (value as number) <= IDLE.most ? undefined : {
    code: 'bad-idle-timeout',
    message: 'is not a number of seconds that AWS takes',
    fix: `write a whole number from ${IDLE.least} to ${IDLE.most}`,
  }),
  { type: 'integer', minimum: IDLE.least, maximum: IDLE.most },
);

const action = (description: string) => z.enum(['drop', 'reject', 'pass']).meta({ description });

const tlsInspection = z
  .strictObject({
    certificateAuthority: formatted(
      'The ARN in ACM of an authority of yours, imported with its private key. Clients have to trust it.',
      /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[A-Za-z0-9-]{1,64}$/, 'the ARN of a certificate in ACM',
      'arn:aws:acm:us-east-1:123456789012:certificate/00000000-0000-0000-0000-000000000000',
    ),
    segments: filled(z.string(), 'The private segments whose TLS is opened, on the ports of their tls rules.'),
    revocation: z
      .strictObject({
        revoked: action("What becomes of a connection to a server whose certificate is revoked."),
        unknown: action('What becomes of one whose authority does not answer.'),
      })
      .meta({ description: "Whether servers' certificates are held against OCSP and CRL. Default: not." })
      .optional(),
  })
  .meta({ description: 'Opens TLS in the firewall. Read docs/aws.md on what it breaks.' });

/** `environments[].aws.firewall` as it is written. */
export const awsFirewallSchema = z
  .strictObject({
    rules: z.enum(['suricata', 'domain-lists']).meta({
      description: "suricata (default): generated rules, exact. domain-lists: AWS's own lists, with what they cannot say as residual risks.",
    }).optional(),
    tcpIdleTimeoutSeconds: idleSeconds.optional(),
    tlsInspection: tlsInspection.optional(),
  })
  .meta({ description: 'The egress firewall.' });

/** What `firewall` holds once the schema accepts it. */
export type AwsFirewallInput = z.infer<typeof awsFirewallSchema>;

/** How the fields fit together. Whether hosts and ports allow inspection is the firewall's own check. */
export function checkAwsFirewall(firewall: Sound<AwsFirewallInput> | null | undefined, region: string | null | undefined, path: Path, context: CheckContext): void {
  const inspection = firewall?.tlsInspection;
  if (!inspection) return;
  const at = (...more: Path): Path => [...path, 'firewall', 'tlsInspection', ...more];
  if (firewall.rules === 'domain-lists') {
    context.error(at(), 'inspection-with-lists', 'cannot stand beside rules: domain-lists', 'write rules: suricata, or leave inspection out: the rules that AWS makes from a list drop nothing of what is decrypted');
  }
  const { certificateAuthority: authority, segments } = inspection;
  if (authority && region && authority.split(':')[3] !== region) {
    context.error(at('certificateAuthority'), 'arn-region', `is a certificate of ${authority.split(':')[3]}`, `import the authority into ACM in ${region}`, authority);
  }
  const names = segments ?? [];
  repeated(names, (index) => context.error(at('segments', index), 'listed-twice', 'is listed twice', 'keep one of the two', names[index]));
  names.forEach((name, index) => {
    if (name === null || !context.segments) return;
    const segment = context.segments.get(name);
    if (!segment) {
      context.error(at('segments', index), 'unknown-segment', 'is not a segment', `write one of ${[...context.segments.keys()].sort().join(', ')}`, name);
    } else if (segment.tier && segment.tier !== 'private') {
      context.error(at('segments', index), 'inspection-not-private', `is a ${segment.tier} segment, which reaches no host`, 'remove it: only private segments have TLS to open', name);
    }
  });
}

/** Lists sorted; absent where nothing differs from the default. */
export function canonicalAwsFirewall(input: AwsFirewallInput | undefined): { readonly firewall?: AwsFirewallOptions } {
  if (input === undefined) return {};
  const { rules = 'suricata', tcpIdleTimeoutSeconds, tlsInspection: inspection } = input;
  return {
    firewall: {
      rules,
      ...(tcpIdleTimeoutSeconds === undefined ? {} : { tcpIdleTimeoutSeconds }),
      ...(inspection === undefined ? {} : {
        tlsInspection: {
          certificateAuthorityArn: inspection.certificateAuthority,
          segments: uniqueSorted(inspection.segments),
          ...(inspection.revocation === undefined ? {} : { revocation: inspection.revocation }),
        },
      }),
    },
  };
}
