/**
 * Pods in which somebody is root on their node, where no policy of pods holds: privileged containers, those that have the socket of the
 * container runtime, and those that see the node's processes and may enter their namespaces.
 *
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/, https://kubernetes.io/docs/concepts/security/linux-kernel-security-constraints/#privileged-containers
 */
import { own, ownObject, ownText, type JsonObject } from '../../plan/json';
import { list, textList } from './policies';

/** The socket of Docker, containerd or CRI-O, and folders that have it; not where they keep containers and their logs. */
const SOCKETS = /(docker|containerd|crio)\.sock$|^\/(var\/)?run(\/(docker|containerd|crio))?\/?$|^\/$/;

/** What makes it so: `is privileged`; undefined for none. */
export function rootOnNode(spec: JsonObject): string | undefined {
  const containers = ['containers', 'initContainers', 'container', 'initContainer'].flatMap((key) => list(own(spec, key)));
  const security = containers.map((container) => ownObject(container, 'securityContext'));
  if (security.some((each) => isTrue(own(each, 'privileged')))) return 'is privileged';
  const added = security.flatMap((each) => [...textList(own(ownObject(each, 'capabilities'), 'add'))]);
  if (isTrue(own(spec, 'hostPID')) || isTrue(own(spec, 'hostPid'))) {
    const enters = added.find((each) => /^(CAP_)?(SYS_ADMIN|SYS_PTRACE|ALL)$/.test(each));
    if (enters !== undefined) return `sees the processes of its node, with ${enters}`;
  }
  return runtimePaths(spec, containers).map((path) => `has ${path} of its node`)[0];
}

/** Paths of the node that lead to its runtime: a socket is open to whoever sees it, and of the whole file system what may be written counts. */
function runtimePaths(spec: JsonObject, containers: readonly JsonObject[]): readonly string[] {
  const mounts = containers.flatMap((container) => [...list(own(container, 'volumeMounts')), ...list(own(container, 'volumeMount'))]);
  return ['volumes', 'volume'].flatMap((key) => list(own(spec, key))).flatMap((volume) => {
    const path = ownText(ownObject(volume, 'hostPath'), 'path') ?? '';
    if (!SOCKETS.test(path)) return [];
    const isWhole = path === '/';
    return !isWhole || mounts.some((mount) => own(mount, 'name') === own(volume, 'name') && !isTrue(own(mount, 'readOnly'))) ? [path] : [];
  });
}

function isTrue(value: unknown): boolean {
  return /^(true|yes|on|y)$/i.test(String(value));
}
