/** What to say when a file or folder that somebody named cannot be written or read. */

const REASON: Readonly<Record<string, string>> = {
  EACCES: 'you may not write or read there; name another place, or change its permissions',
  EEXIST: 'there is a file where a folder is needed; name another place',
  EISDIR: 'it is a folder; name a file',
  ENAMETOOLONG: 'the name is too long; name another place',
  ENOENT: 'its folder does not exist; make it, or name another place',
  ENOSPC: 'the disk is full; free some space, or name another place',
  ENOTDIR: 'a part of its path is a file and no folder; name another place',
  EPERM: 'you may not write or read there; name another place, or change its permissions',
  EROFS: 'the file system is read-only; name another place',
};

/**
 * What went wrong with a path, in a line for a person; nothing for any other error, which is a fault of ours.
 *
 * @param named how the person calls it. Default: the path that the system refused
 */
export function fileErrorText(error: unknown, named?: string): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, syscall, dest, path } = error as NodeJS.ErrnoException & { readonly dest?: string };
  // A program that cannot be started is no file that somebody named.
  if (code === undefined || path === undefined || syscall === undefined || syscall.startsWith('spawn')) return undefined;
  return `${named ?? dest ?? path}: ${REASON[code] ?? `${syscall} failed with ${code}; name another place`}`;
}
