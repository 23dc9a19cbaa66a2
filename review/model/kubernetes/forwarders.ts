/**
 * Pods that forward what others send to whomever these name: forward proxies, SOCKS, VPNs, SSH and the egress gateways of meshes.
 * They are known by the image, or by what a workload and its labels are called: what others forward, nothing in an input tells.
 *
 * https://www.squid-cache.org/Doc/config/, https://istio.io/latest/docs/tasks/traffic-management/egress/egress-gateway/
 */
import { own, ownObjects, ownText, ownTexts, type Json, type JsonObject } from '../../plan/json';
import type { Labels } from './labels';
import { list } from './policies';
import { matchLabels } from './selectors';

/** Names of images, without the registry and the tag. */
const IMAGES = new RegExp([
  'squid', 'tinyproxy', 'privoxy', '3proxy', 'microsocks', 'smokescreen', 'mitmproxy', 'shadowsocks', 'wireguard', 'openvpn', 'openssh-server', 'torproxy', 'tor-(socks-)?proxy', 'socks5',
  '^(dante(d|-server)?|sockd|gost|glider|tor|v2ray|xray|trojan(-go)?|sshd|chisel|wstunnel)$', 'egress-?gateway', '(egress|forward|outbound)-proxy',
].join('|'), 'i');

/** Names of workloads, and values of the labels that name them. */
const NAMES = /squid|tinyproxy|smokescreen|(egress|forward|outbound|socks5?)-?(proxy|gateway)/i;

const LABELS = ['app', 'k8s-app', 'name', 'istio', 'component', 'app.kubernetes.io/name', 'app.kubernetes.io/component', 'app.kubernetes.io/instance', 'gateway.networking.k8s.io/gateway-name', 'istio.io/gateway-name'];

/** What only watches or installs one. */
const NO_FORWARDER = /exporter|operator|metrics|dashboard|controller|manager/i;

/** What tells that pods forward: the image or the name; undefined where nothing does. */
export function forwarderIn(spec: JsonObject, name: string, labels: Labels): string | undefined {
  const images = [...list(own(spec, 'containers')), ...list(own(spec, 'container'))].map((each) => imageName(ownText(each, 'image') ?? ''));
  return images.find((each) => IMAGES.test(each) && !NO_FORWARDER.test(each)) ?? forwarderCalled([name, ...LABELS.map((key) => labels[key] ?? '')]);
}

/** The same of pods of which there are only labels. */
export function forwarderOf(labels: Labels): string | undefined {
  return forwarderCalled(LABELS.map((key) => labels[key] ?? ''));
}

/** The same of a selector, also by what an expression lists. */
export function forwarderSelected(selector: Json | undefined): string | undefined {
  const listed = ownObjects(selector, 'matchExpressions').filter((each) => ownText(each, 'operator') === 'In' && LABELS.includes(ownText(each, 'key') ?? '')).flatMap((each) => ownTexts(each, 'values') ?? []);
  return forwarderOf(matchLabels(selector)) ?? forwarderCalled(listed);
}

/** Whether a namespace is called after what forwards: `istio-egress`. */
export function isForwarders(namespace: string): boolean {
  return /(^|-)egress(-|$)/i.test(namespace) || forwarderCalled([namespace]) !== undefined;
}

function forwarderCalled(names: readonly string[]): string | undefined {
  return names.find((each) => NAMES.test(each) && !NO_FORWARDER.test(each));
}

function imageName(image: string): string {
  return image.replace(/[@].*$/, '').replace(/^.*\//, '').replace(/:.*$/, '');
}
