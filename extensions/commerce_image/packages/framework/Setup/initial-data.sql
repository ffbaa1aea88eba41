SET SQL_MODE = 'NO_AUTO_VALUE_ON_ZERO';

INSERT IGNORE INTO {store_website} (website_id, code, name, sort_order, default_group_id, is_default) VALUES
    (0, 'admin', 'Admin', 0, 0, 0),
    (1, 'base', 'Main Website', 0, 1, 1);

INSERT IGNORE INTO {store_group} (group_id, website_id, name, root_category_id, default_store_id, code) VALUES
    (0, 0, 'Default', 0, 0, 'default'),
    (1, 1, 'Main Website Store', 2, 1, 'main_website_store');

INSERT IGNORE INTO {store} (store_id, code, website_id, group_id, name, sort_order, is_active) VALUES
    (0, 'admin', 0, 0, 'Admin', 0, 1),
    (1, 'default', 1, 1, 'Default Store View', 0, 1);

INSERT IGNORE INTO {customer_group} (customer_group_id, customer_group_code, tax_class_id) VALUES
    (0, 'NOT LOGGED IN', 3),
    (1, 'General', 3),
    (2, 'Wholesale', 3),
    (3, 'Retailer', 3);

SET SQL_MODE = '';
