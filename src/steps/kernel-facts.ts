import {compareVersions, parseVersion} from '../kernel/version.ts';
import type {Reader} from '../model/machine.ts';
import {aurSentences, daysSince} from '../packages/aur.ts';
import {releaseOfLinuxRust} from '../packages/recipe-info.ts';
import {askAur, aurAddress, aurQuestion} from '../survey/aur.ts';
import type {View} from '../survey/view.ts';

/** What is found out about the ways to a kernel while they are shown. Each is asked for once. */
export type KernelFacts = {
	/** The version of the stock kernel that pacman knows of, and its age. */
	stock(): Promise<string>;
	/** What this program's own recipe builds. */
	own(): Promise<string>;
	/** What the AUR says about linux-rust now. */
	aur(): Promise<string>;
};

const name = 'linux-rust';

export function createKernelFacts(view: View): KernelFacts {
	const {builder: reader, named, memory} = view;
	let said: Promise<string> | undefined;
	return {
		stock: () => stockFacts(reader),
		async own() {
			const {recipe} = await import('./linux-rust.ts');
			const written = recipe.find(one => one.path === 'PKGBUILD')?.content ?? '';
			const version =
				reader.environment['LINUX_VERSION'] ?? /^pkgver=\$\{LINUX_VERSION:-([\d.]+)\}/m.exec(written)?.[1];
			return version === undefined
				? ''
				: `It builds ${version}; uname -r will say ${releaseOfLinuxRust(`${version}-1`)}.`;
		},
		aur() {
			said ??= aurFacts();
			return said;
		}
	};

	async function aurFacts(): Promise<string> {
		const address = (named.aur ?? aurAddress).replace(/\/+$/, '');
		const [answer, {running}] = await Promise.all([askAur(reader, aurQuestion(address, name), name), view.kernels()]);
		const reviewed = memory.reviews?.find(one => one.recipe === `${address}/${name}.git`);
		return aurSentences(name, answer, {
			now: Date.now(),
			running: running?.release,
			isOlder: version => isOlder(version, running?.release),
			knownMaintainer: reviewed?.maintainer
		}).join(' ');
	}
}

function isOlder(version: string, running: string | undefined): boolean {
	const [own, other] = [parseVersion(version), parseVersion(running ?? '')];
	return own !== undefined && other !== undefined && compareVersions(own, other) < 0;
}

/** pacman's own list, as old as the last -Sy. */
async function stockFacts(reader: Reader): Promise<string> {
	const said = await reader.probe(['pacman', '-Si', 'linux']);
	if (said.status !== 'found' || said.value.code !== 0) return 'pacman knows of no version of it yet.';
	const field = (label: string): string | undefined =>
		new RegExp(`^${label}\\s*: (.+)$`, 'm').exec(said.value.stdout)?.[1]?.trim();
	const version = field('Version');
	if (version === undefined || !/^[\w.:+~-]{1,80}$/.test(version)) return 'pacman knows of no version of it yet.';
	const built = Date.parse(field('Build Date') ?? '');
	const hasRust = parseVersion(version);
	const days = Number.isNaN(built) ? undefined : daysSince(built, Date.now());
	const age = days === undefined ? '' : days === 1 ? ', built 1 day ago' : `, built ${days} days ago`;
	return `linux ${version}${age}.${hasRust !== undefined && compareVersions(hasRust, [6, 13, 0]) < 0 ? ' That one is older than 6.13 and has no Rust: pacman -Syu brings a newer one.' : ''}`;
}
