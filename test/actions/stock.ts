/**
 * The interface of the stock actions that users' `jail.local` files rely on (engine.md §9): each action's operations, and the
 * parameters that its file presets; `?6` marks those with a variant for IPv6. tidy: a table
 */

export interface StockAction {
  readonly name: string;
  readonly operations: string;
  readonly parameters: string;
}

const row = (name: string, operations: string, parameters: string): StockAction => ({ name, operations, parameters });

export const STOCK: readonly StockAction[] = [
  row("abuseipdb", "actionban norestored", "abuseipdb_apikey"),
  row("apf", "actionban actionunban", "name"),
  row("apprise", "actionstart actionstop actionban", "config args apprise"),
  row("blocklist_de", "actionban norestored", ""),
  row(
    "bsd-ipfw",
    "actionstart actionstop actionban actionunban",
    "table port startstatefile block blocktype lowest_rule_num",
  ),
  row("cloudflare-token", "actionban actionunban", "cftarget?6 cfmode notes"),
  row("cloudflare", "actionban actionunban", "cftoken cfuser cftarget?6"),
  row("complain", "actionban norestored", ""),
  row("csf", "actionban actionunban", "name"),
  row(
    "dshield",
    "actionstop actionban actionunban norestored",
    "port userid myip protocol lines minreportinterval maxbufferage srcport tcpflags mailcmd mailargs dest tmpfile",
  ),
  row("dummy", "actionstart actionstop actionban actionunban actionflush", "init target to_target"),
  row("firewallcmd-allports", "actionstart actionstop actioncheck actionban actionunban", ""),
  row("firewallcmd-common", "", "name port protocol family?6 chain zone service rejecttype?6 blocktype rich-blocktype"),
  row(
    "firewallcmd-ipset",
    "actionstart actionstop actionban actionunban actionflush",
    "ipsettype chain default-ipsettime ipsettime maxelem timeout-bantime ipsetbackend actiontype allports multiport ipmset?6 familyopt?6 firewalld_familyopt?6",
  ),
  row("firewallcmd-multiport", "actionstart actionstop actioncheck actionban actionunban", ""),
  row("firewallcmd-new", "actionstart actionstop actioncheck actionban actionunban", ""),
  row("firewallcmd-rich-logging", "", "level rate"),
  row("firewallcmd-rich-rules", "actionban actionunban", ""),
  row("helpers-common", "", "greplimit grepmax grepopts"),
  row("hostsdeny", "actionban actionunban", "file daemon_list ip_value?6"),
  row("ipfilter", "actionstart actionban actionunban", "blocktype"),
  row("ipfw", "actionban actionunban", "port localhost blocktype"),
  row("iptables-allports", "", ""),
  row("iptables-ipset-proto4", "actionstart actionstop actionban actionunban actionflush", "maxelem"),
  row("iptables-ipset-proto6-allports", "", ""),
  row("iptables-ipset-proto6", "", ""),
  row(
    "iptables-ipset",
    "actionstart actionstop actionban actionunban actionflush",
    "ipsettype default-ipsettime ipsettime maxelem timeout-bantime ipmset?6 familyopt?6",
  ),
  row("iptables-multiport-log", "actionstart actionstop actioncheck actionban actionunban actionflush", ""),
  row("iptables-multiport", "", ""),
  row("iptables-new", "", ""),
  row("iptables-xt_recent-echo", "actionstart actionstop actioncheck actionban actionunban", "iptname?6"),
  row(
    "iptables",
    "actionstart actionstop actioncheck actionban actionunban actionflush",
    "chain name port protocol blocktype?6 returntype lockingopt iptables?6",
  ),
  row("ipthreat", "actionban norestored", "ipthreat_apikey ipthreat_system ipthreat_flags"),
  row("mail-buffered", "actionstart actionstop actionban norestored", "name lines tmpfile dest"),
  row("mail-whois-common", "", ""),
  row("mail-whois-lines", "actionstart actionstop actionban norestored", "mailcmd name dest logpath"),
  row("mail-whois", "actionstart actionstop actionban norestored", "name dest"),
  row("mail", "actionstart actionstop actionban norestored", "name dest"),
  row(
    "mikrotik",
    "actionstop actionban actionunban actionflush",
    "command user port keyfile host list startcomment comment name",
  ),
  row("mynetwatchman", "actionban", "port mnwlogin mnwpass myip protocol agent getcmd srcport mnwurl tmpfile"),
  row("netscaler", "actionstart actionban actionunban", "ns_host ns_auth ns_dataset"),
  row("nftables-allports", "", ""),
  row("nftables-multiport", "", ""),
  row(
    "nftables",
    "actionstart actionstop actioncheck actionban actionunban actionflush",
    "table table_family chain chain_type chain_hook chain_priority addr_type?6 name port protocol blocktype nftables addr_set?6 addr_family?6 addr_options",
  ),
  row("nginx-block-map", "actionstart actionstart_on_demand actionstop actionban actionunban actionflush", ""),
  row("npf", "actionban actionunban", "tablename"),
  row("nsupdate", "actionban actionunban", "domain ttl rdata nsupdatecmd keyfile"),
  row("osx-afctl", "actionban actionprolong actionunban", ""),
  row("osx-ipfw", "actionban actionunban", "port dst block blocktype setnum rulenum"),
  row(
    "pf",
    "actionstart actionstart_on_demand actionstop actioncheck actionban actionunban actionflush",
    "tablename block protocol actiontype allports multiport",
  ),
  row("route", "actionban actionunban", "blocktype"),
  row("sendmail-buffered", "actionstart actionstop actionban norestored", "name lines tmpfile"),
  row("sendmail-common", "actionstart actionstop", "mailcmd dest sender sendername"),
  row("sendmail-geoip-lines", "actionban norestored", "name logpath"),
  row("sendmail-whois-ipjailmatches", "actionban norestored", "name"),
  row("sendmail-whois-ipmatches", "actionban norestored", "name"),
  row("sendmail-whois-lines", "actionban norestored", "name logpath"),
  row("sendmail-whois-matches", "actionban norestored", "name"),
  row("sendmail-whois", "actionban norestored", "name"),
  row("sendmail", "actionban norestored", "name"),
  row("shorewall-ipset-proto6", "actionstart actionstop actionban actionunban", "ipsettype maxelem"),
  row("shorewall", "actionban actionunban", "family?6 blocktype"),
  row("symbiosis-blacklist-allports", "actioncheck actionban actionunban", "chain blocktype"),
  row("ufw", "actionban actionunban", "add blocktype destination application comment"),
  row("xarf-login-attack", "actionban norestored", ""),
];
