//! Rows in which nothing is left out, written by hand.

/// One row in each table; what may be missing is there.
pub const FULL_ROWS: &str = "
INSERT INTO agencies VALUES (1, 'A', '甲局', NULL, '/1/');
INSERT INTO agencies VALUES (2, 'B', '乙局', 1, '/1/2/');
INSERT INTO departments VALUES (3, 2, '政务公开科');
INSERT INTO case_counters VALUES (2, 2026, 5000000000);
INSERT INTO cases VALUES ('c', 2, '2026-0001', 'answered', FALSE, 7, 'web', '2026-03-02', 'other', '𠮷野㐂',
    3, 'u', '2026-03-20', 'provided', 2, '{}', '2026-03-30', TRUE, 'fee',
    '2026-03-02 02:00:00.123456', '2026-03-20 23:59:59.999999');
INSERT INTO cases VALUES ('d', 2, '2026-0002', 'received', TRUE, 1, NULL, '2026-03-02', 'other', '',
    NULL, NULL, NULL, NULL, 1, '{}', '2026-03-30', FALSE, NULL, '2026-03-02 02:00:00', '2026-03-02 02:00:00');
INSERT INTO requests VALUES ('c', '内容', 'paper', 'i', 'p', 'e', 'a', '2026-02-27', '2026-02-28', '2026-03-02',
    '电话', '备注');
INSERT INTO replies VALUES ('c', 2, 'provided', '{}', '正文', 'n', '2026-03-17', '2026-03-18', '2026-03-20',
    '邮寄', 't', '2026-03-21');
INSERT INTO case_links VALUES ('c', 'd', '重复');
INSERT INTO remedies VALUES ('r', 2, '聊政复〔2026〕1号', 'c', 4, 'review', 'acting_agency', '聊城市人民政府',
    '2026-04-01', '2026-05-29', 'review_upheld', '无');
INSERT INTO journal VALUES ('c', 1, 'case', 2, 'register', '李四', '2026-03-02 02:00:00.000001', '2026-03-02',
    '{}', '2026-03-02', '2026-03-20', 'other', 'provided', '', 'h');
INSERT INTO report_figures VALUES (2, 2025, 'fees_10k_yuan', 0, '24252.311082');
INSERT INTO calendar_notices VALUES (2027, '{}');
INSERT INTO accounts VALUES ('u', 'zhang', '张登记', 2, 3, 5, 'h', '2026-03-02 02:00:00', TRUE, 's', FALSE, 2,
    '2026-03-02 02:15:00.5', '2026-01-04 01:00:00');
INSERT INTO account_roles VALUES ('u', 'clerk');
INSERT INTO old_passwords VALUES ('u', '2026-01-04 01:00:00', 'h');
INSERT INTO logins VALUES ('t', 'u', 'c', '2026-03-02 02:00:00', '2026-03-02 02:30:00', '::1', 'Mozilla/5.0', TRUE);
INSERT INTO remedy_stages VALUES ('r', 1, 'reconsideration', '31', '聊城市人民政府', '2026-04-01', 'ordinary',
    '2026-04-03', '2026-04-10', '2026-04-20', '无', '2026-05-29', '2026-06-01', 'decision', 'review_upheld');
INSERT INTO second_factors VALUES ('u', 'o', 58000000);
INSERT INTO submissions VALUES (2, '0197f3d2', 'c');
INSERT INTO search_docs VALUES (2, 6500000000000000000, 'c', ' 征 收 ');
INSERT INTO search_pending VALUES (6500000000000000000);
INSERT INTO letter_settings VALUES (2, 3, '聊自然资规公开', '复', '告', '询', '费', '聊城市人民政府', 'https://fy.example',
    '聊城市东昌府区人民法院', '刘某', '0635-1', '东昌路1号', '252000', '银行转账', TRUE);
INSERT INTO letter_templates VALUES (2, 'receipt', 2, '回执.docx', 'h', 'PK', '管理员', '2026-03-02 02:00:00');
INSERT INTO letter_counters VALUES (2, 'reply', 2026, 5000000000);
INSERT INTO letters VALUES ('l', 'c', 2, 2, 'reply_provided', '政府信息公开告知书', '聊自然资规公开复〔2026〕3号', '𠮷野㐂', '1',
    '2026-03-18', '2026-03-18 02:00:00.5', '李四', NULL, '', 2, 't', '{}', 'h', 'PK');
INSERT INTO indicators VALUES (2, 'own_1', '自助查询机', '台', 'overview', 101, TRUE);
INSERT INTO indicator_values VALUES (2, 2025, 'own_1', '2.50', '李四', '采购合同');
INSERT INTO indicator_items VALUES (2, 2025, 'own_1', 1, '一号机', '《办法》', 'https://example.cn/');
INSERT INTO report_wordings VALUES (2, 2025, 'overview', 3, '收到{收到申请}件', '李四', '2026-01-04 01:00:00');
INSERT INTO report_problems VALUES (2, 2025, 1, '简述', '问题', '措施', '整改');
INSERT INTO report_templates VALUES (2, 4, '模板.docx', 'PK', '李四', '2026-01-04 01:00:00');
INSERT INTO filed_reports VALUES (2, 2025, 1, 'submitted', '2026-01-28', TRUE, '甲', '{}', '<p>', 'PK', 'h', '李四',
    '2026-01-28 01:00:00');
INSERT INTO saved_views VALUES ('v', 'u', '征收', 'q=%E5%BE%81', '2026-03-02 02:00:00');
INSERT INTO attachments VALUES ('f', 'c', 'evidence', '㐂.pdf', 5000000000, 'pdf',
    'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', 'clean', 'u', '李四',
    '2026-03-02 02:00:00', '张三', '2026-03-03 02:00:00.5', '误传');
INSERT INTO calendar_feeds VALUES ('u', 'h', '2026-03-02 02:00:00', '2026-03-02 03:00:00');
INSERT INTO feed_events VALUES ('u', 'c-reply', 'd', 2, '2026-03-02 02:00:00');
INSERT INTO mail_addresses VALUES ('u', 'zhang@example.gov.cn');
INSERT INTO muted_mail VALUES ('u', 'digest');
INSERT INTO outbox VALUES ('m', 2, 'assigned', 'u', 'c', '张登记', 'zhang@example.gov.cn', '派办', '正文', 'l',
    '<m@example.gov.cn>', 'sending', 3, '2026-03-02 02:00:00', '2026-03-03 02:00:00', 'h', '2026-03-02 02:00:30.5', '451',
    '2026-03-02 01:00:00', NULL);
INSERT INTO told VALUES ('k', 'm');
INSERT INTO jobs VALUES ('outbox', '2026-03-02 02:00:00', '2026-03-02 01:00:00', '发出1封', TRUE, 2, TRUE, 'h',
    '2026-03-02 02:00:30.5');
";
