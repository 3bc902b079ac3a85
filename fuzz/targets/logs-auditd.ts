import { forgetful } from './log-oracle.ts';
import { logTargetOf } from './log-target.ts';

export default logTargetOf({
  name: 'logs-auditd',
  about: 'records of Linux auditd, joined to events, also behind headers of syslog',
  seeds: [
    'type=SYSCALL msg=audit(1600000000.123:1): arch=c000003e syscall=59 success=yes exit=0 a0=1 ppid=1 pid=2 auid=1000 uid=0 comm="cat" exe="/bin/cat" key="x"\ntype=EXECVE msg=audit(1600000000.123:1): argc=2 a0="cat" a1=2F6574632F706173737764\ntype=CWD msg=audit(1600000000.123:1): cwd="/"\ntype=PATH msg=audit(1600000000.123:1): item=0 name="/bin/cat" nametype=NORMAL\ntype=PROCTITLE msg=audit(1600000000.123:1): proctitle=636174002F657463\ntype=EOE msg=audit(1600000000.123:1):\n',
    'node=h type=USER_LOGIN msg=audit(1600000001.000:2): pid=1 uid=0 auid=4294967295 ses=1 msg=\'op=login acct="root" exe="/usr/sbin/sshd" hostname=h addr=10.0.0.1 terminal=ssh res=failed\'\n',
    'Jan  1 00:00:00 h audispd: type=SYSCALL msg=audit(1600000000.123:3): syscall=2\nJan  1 00:00:00 h audispd: type=EOE msg=audit(1600000000.123:3):\n',
    'type=AVC msg=audit(1600000002.5:4): avc:  denied  { read write } for  pid=1 comm="x" name="y" scontext=a:b:c tcontext=d:e:f tclass=file permissive=0\ntype=SYSCALL msg=audit(01/01/2026 00:00:00.123:5) : arch=x86_64 SYSCALL=execve AUID="u"\n',
    'type=EXECVE msg=audit(1.1:6): argc=3 a0="sh" a1[0]=41 a1[1]=42 a2_len=4 a2="c"\ntype=SYSCALL msg=audit(1.1:7): a=b\ntype=PATH msg=audit(1.1:6): item=1\n',
  ],
  words: ['type=', 'SYSCALL', 'EXECVE', 'PATH', 'CWD', 'PROCTITLE', 'EOE', 'USER_CMD', 'AVC', 'SOCKADDR', ' msg=audit(1600000000.123:1): ', 'saddr=02000050C0000201', 'a0=', 'a1[0]=', 'argc=', "msg='", "'", '"', '\x1d', 'node=h ', '(null)', '=', '41420A', '\n'],
  planted: forgetful(/a0=$/),
});
