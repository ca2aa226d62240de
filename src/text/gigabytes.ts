/**
 * Bytes for a reader, never more than there are: `960 MB`, `4.5 GB`, `41 GB`. Decimal, as disks are sold and `df -H` counts.
 */
export function gigabytes(bytes: number): string {
	if (bytes < 1e9) return `${Math.floor(bytes / 1e6)} MB`;
	return `${bytes < 1e10 ? Math.floor(bytes / 1e8) / 10 : Math.floor(bytes / 1e9)} GB`;
}
