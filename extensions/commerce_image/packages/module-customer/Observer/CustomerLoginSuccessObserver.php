<?php

declare(strict_types=1);

namespace Magento\Customer\Observer;

use Magento\Customer\Model\AuthenticationInterface;
use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;

/**
 * Forgets a customer's failed logins when one has succeeded, in the areas where it observes that.
 */
class CustomerLoginSuccessObserver implements ObserverInterface
{
    public function __construct(private readonly AuthenticationInterface $authentication)
    {
    }

    public function execute(Observer $observer): void
    {
        $this->authentication->unlock($observer->getData('model')->getId());
    }
}
