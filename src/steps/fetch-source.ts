import type {Command} from '../model/command.ts';
import type {Action} from '../model/step.ts';

/** A kernel's source on the network, as one file. */
export type Download = {
	readonly url: string;
	readonly name: string;
	/** As the user reads it: `About 150 MB`. */
	readonly size: string;
	/** A list of SHA-256 sums that names it, where its publisher has one. */
	readonly sums?: string;
};

/**
 * Fetches a kernel's source into `file`: what an earlier start left is gone on with, and what comes is looked at before it bears
 * that name, because what bears it is taken for a source from then on.
 */
export function planSourceFetch({url, name, sums}: Download, file: string): readonly Action[] {
	const part = `${file}.part`;
	return [
		run(
			'fetching the source',
			['sh', '-euc', fetch.trim(), 'sh', part, url],
			'the kernel’s own source, as it is published'
		),
		sums === undefined
			? run(
					'reading it through',
					['sh', '-euc', readThrough.trim(), 'sh', part, name],
					'gzip tells a file that was cut off or changed; a list of checksums is not published'
				)
			: run(
					'comparing its checksum',
					['sh', '-euc', compareSum.trim(), 'sh', part, name, sums],
					'tells a file that was cut off, or changed on the way'
				),
		run('keeping it', ['mv', part, file], 'it is whole, and is found by itself from now on')
	];
}

const run = (title: string, argv: Command['argv'], why: string): Action => ({
	kind: 'run',
	title,
	stage: 'other',
	command: {argv, cwd: '/', as: 'user', terminal: 'captured', interrupt: 'group', why}
});

/**
 * curl's own patience has no end: a link over which less than 1 kB comes in a second is dead after 20. What breaks off (18, 28, 56,
 * 92) is gone on with, three times in all. A server that cannot go on in the middle (33), as those that pack while they send cannot,
 * is asked for the whole file; one that has nothing more to give (416) has given all, which is looked at next.
 */
const fetch = `
part=$1 url=$2 tries=3
mkdir -p "\${part%/*}"
while
	code=0
	status=$(curl --fail --location --proto =https --connect-timeout 20 --speed-limit 1000 --speed-time 20 \\
		--continue-at - --output "$part" --write-out '%{http_code}' "$url") || code=$?
	[ $code != 0 ]
do
	case $code,$status in
	22,416) break ;;
	33,*) rm "$part"; continue ;;
	18,* | 28,* | 56,* | 92,* | 22,429 | 22,5??) ;;
	*) exit $code ;;
	esac
	tries=$((tries - 1))
	[ $tries != 0 ] || exit $code
	sleep 2
done
`;

const compareSum = `
part=$1 name=$2 sums=$3
list=$(curl --fail --location --proto =https --silent --show-error --retry 2 --connect-timeout 20 --max-time 120 "$sums")
wanted=$(printf '%s\\n' "$list" | sed -n "s/^\\([0-9a-f]\\{64\\}\\)  $name\\$/\\1/p")
[ -n "$wanted" ] || { echo "$sums has no checksum of $name"; exit 1; }
have=$(sha256sum < "$part"); have=\${have%% *}
[ "$have" = "$wanted" ] || { rm "$part"; echo "what came as $name has the checksum $have, and $sums says $wanted"; exit 1; }
`;

const readThrough = `
gzip --test "$1" || { rm "$1"; echo "what came as $2 is damaged"; exit 1; }
`;
