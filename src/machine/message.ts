const reasons: Readonly<Record<string, string>> = {
	EACCES: 'permission denied',
	EPERM: 'operation not permitted',
	EISDIR: 'is a folder',
	EIO: 'input/output error',
	ENOSPC: 'no space is left on the device',
	EDQUOT: 'the disk quota is used up',
	EROFS: 'the file system is read-only',
	ENOTDIR: 'a part of the path is no folder',
	ELOOP: 'too many symbolic links'
};

/** An operating system error in words, without node's prefix and stack. */
export function messageOf(error: unknown): string {
	const {code, path: file, message} = error as NodeJS.ErrnoException;
	const reason = code === undefined ? undefined : reasons[code];
	if (reason !== undefined) return file === undefined ? reason : `${file}: ${reason}`;
	return message ?? String(error);
}
