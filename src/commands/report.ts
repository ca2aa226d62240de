import type {Judged} from '../model/walk.ts';
import {checkDocument} from '../plain/check-document.ts';
import {redact} from '../plain/redact.ts';
import type {Options} from './options.ts';
import {complain, say} from './output.ts';
import {writeFresh} from './plan.ts';
import {refuse} from './refuse.ts';
import type {Session} from './session.ts';
import {version} from './version.ts';

/**
 * `check --report FILE`: what `check --json` says and which versions said it, without names, addresses and serial numbers. Shown,
 * and then written to a new file. Undefined when it was written.
 */
export async function writeReport(
	session: Session,
	judged: readonly Judged[],
	file: string,
	options: Options
): Promise<number | undefined> {
	const {reader} = session;
	const [host, release, os] = await Promise.all(
		['/proc/sys/kernel/hostname', '/proc/sys/kernel/version', '/etc/os-release'].map(path =>
			reader.readText(path, 4096)
		)
	);
	const textOf = (found: typeof host): string => (found?.status === 'found' ? found.value.trim() : 'unknown');
	const document = await checkDocument(judged, session.notices, await session.since());
	const text = [
		'Report of linux-rust-setup, to be handed on with a question.',
		'User, host, addresses and serial numbers were removed; read it before you hand it on.',
		'',
		`linux-rust-setup ${version}`,
		`node ${process.versions.node}`,
		`kernel build ${textOf(release)}`,
		...textOf(os)
			.split('\n')
			.filter(line => /^(?:NAME|VERSION_ID|ID|ID_LIKE|BUILD_ID)=/.test(line)),
		'',
		JSON.stringify(document, undefined, '\t'),
		''
	].join('\n');
	const report = redact(text, {user: reader.user.name, home: reader.user.home, host: textOf(host)});
	await (options.json ? complain : say)(report);
	const problem = await writeFresh(file, report, 0o600);
	if (problem !== undefined) return refuse('check', options, problem, 'Name a file that does not exist yet.');
	await complain(`wrote ${file}\n`);
	return undefined;
}
