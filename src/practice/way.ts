import type {Reader} from '../model/machine.ts';
import {bareNamespaceProbe, namespaceProbe, type Root} from './root.ts';

/** An ordinary user who may have ids of its own needs nobody's root. */
export async function chooseWay(host: Reader): Promise<Root['way']> {
	return host.user.uid !== 0 && (await succeeds(host, namespaceProbe)) ? 'namespace' : 'root';
}

/** Whether newuidmap is all that keeps this user from ids of its own: the kernel gives leave, and /etc/subuid has a line. */
export async function lacksOnlyNewuidmap(host: Reader): Promise<boolean> {
	const {uid, name} = host.user;
	if (uid === 0 || (await host.which('newuidmap')).status !== 'absent') return false;
	const ids = await host.readText('/etc/subuid');
	const has =
		ids.status === 'found' &&
		ids.value.split('\n').some(line => [name, String(uid)].includes(line.split(':')[0] ?? ''));
	return has && (await succeeds(host, bareNamespaceProbe));
}

async function succeeds(host: Reader, probe: readonly [string, ...string[]]): Promise<boolean> {
	const probed = await host.probe(probe);
	return probed.status === 'found' && probed.value.code === 0;
}
