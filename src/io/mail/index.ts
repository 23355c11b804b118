/** The door of `mail`. */
export { type Mail, type MailAccount, type Mailer, MAIL_MAX, type Sent, smtpMailer } from "./smtp.ts";
