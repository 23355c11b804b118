/** The door of `mail`. */
export { type Mail, type MailAccount, type Mailer, type Sent, smtpMailer } from "./smtp.ts";
