/**
 * AWS's stateful default actions as signatures, since stock Suricata has no such thing.
 *
 * AWS appends its defaults as rules that are evaluated last, and does not publish their text. What
 * it does publish is their effect, and rules of its own that "serve the same purpose" (the custom
 * default block rules of its best-practices guide). These are read the strict way: a packet that
 * AWS's words leave open is dropped here, though not, as AWS says of the bidirectional action, the
 * rest of its connection. The corpus is also run without any default, so that what the generated
 * rules drop by themselves does not hang on this reading.
 * https://docs.aws.amazon.com/network-firewall/latest/developerguide/suricata-rule-evaluation-order.html
 * https://aws.github.io/aws-security-services-best-practices/guides/network-firewall/
 */

/** How the drop that nobody wrote is read. `none` is no default at all. */
export type DefaultDrop = 'to-server' | 'both-ways' | 'none';

const READING: Readonly<Record<string, DefaultDrop>> = {
  'aws:drop_established_app_layer_to_server': 'to-server',
  'aws:drop_established_app_layer': 'both-ways',
};

/** The reading of a firewall policy's `stateful_default_actions`. @throws Error for actions that have none. */
export function defaultDrop(actions: readonly string[]): DefaultDrop {
  const drop = actions.find((action) => action.startsWith('aws:drop_'));
  if (drop === undefined) return 'none';
  const reading = READING[drop];
  if (!reading) throw new Error(`${drop} has no reading in stock suricata; write one`);
  return reading;
}

/**
 * The rules that come after all others.
 *
 * A flow that has shown TLS or HTTP is left alone until the ClientHello or the request's host is
 * in; any other packet of an established connection is dropped, empty acknowledgements included.
 */
export function defaultActionRules(drop: DefaultDrop): readonly string[] {
  if (drop === 'none') return [];
  const direction = drop === 'to-server' ? 'to_server,established' : 'established';
  return [
    'alert tls any any -> any any (msg:"default: wait for the name"; flow:to_server; flowbits:set,aws.waiting; noalert; sid:11; rev:1;)',
    'alert http any any -> any any (msg:"default: wait for the name"; flow:to_server; flowbits:set,aws.waiting; noalert; sid:12; rev:1;)',
    'drop tls any any -> any any (msg:"aws:drop_established tls"; flow:to_server; ssl_state:client_hello; sid:13; rev:1;)',
    'drop http any any -> any any (msg:"aws:drop_established http"; flow:to_server; http.host; bsize:>0; sid:14; rev:1;)',
    `drop tcp any any -> any any (msg:"aws:drop_established tcp"; flow:${direction}; flowbits:isnotset,aws.waiting; sid:15; rev:1;)`,
  ];
}
