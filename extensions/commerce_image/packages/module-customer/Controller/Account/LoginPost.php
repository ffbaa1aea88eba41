<?php

declare(strict_types=1);

namespace Magento\Customer\Controller\Account;

use Magento\Customer\Api\AccountManagementInterface;
use Magento\Framework\App\ActionInterface;
use Magento\Framework\App\Request;
use Magento\Framework\App\Response;
use Magento\Framework\Event\ManagerInterface as EventManagerInterface;
use Magento\Framework\Exception\AuthenticationException;

/**
 * The target of the storefront's login form: login[username], login[password].
 */
class LoginPost implements ActionInterface
{
    private const ACCOUNT_URL = '/customer/account/';
    private const LOGIN_URL = '/customer/account/login/';

    public function __construct(
        private readonly AccountManagementInterface $accountManagement,
        private readonly EventManagerInterface $eventManager,
    ) {
    }

    public function execute(Request $request): Response
    {
        $login = (array)$request->getPost('login') + ['username' => '', 'password' => ''];
        try {
            $customer = $this->accountManagement->authenticate((string)$login['username'], (string)$login['password']);
        } catch (AuthenticationException) {
            return Response::redirect(self::LOGIN_URL);
        }
        $this->eventManager->dispatch('customer_login', ['customer' => $customer]);

        return Response::redirect(self::ACCOUNT_URL);
    }
}
