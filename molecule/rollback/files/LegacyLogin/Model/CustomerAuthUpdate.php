<?php

declare(strict_types=1);

namespace Acme\LegacyLogin\Model;

use Magento\Customer\Model\Customer;
use Magento\Customer\Model\CustomerRegistry;
use Magento\Customer\Model\ResourceModel\Customer as CustomerResource;

/**
 * A third party's class that repeats the constructor of before the patch: with the patch it cannot be created any more.
 */
class CustomerAuthUpdate extends \Magento\Customer\Model\CustomerAuthUpdate
{
    public function __construct(
        CustomerRegistry $customerRegistry,
        CustomerResource $customerResource,
        ?Customer $customer = null,
    ) {
        parent::__construct($customerRegistry, $customerResource, $customer);
    }
}
